import test from 'ava'
import fc from 'fast-check'
import { parseFileName, parseUpstreamVersion, planApt } from '../../../../packer/runtimes/packages.ts'

test('apt works in its own folder alone', t => {
  const command = planApt({ dir: '/own', preferences: '/dev/null' }, 'update')
  for (const key of ['Dir::State', 'Dir::State::lists', 'Dir::State::status', 'Dir::Cache', 'Dir::Etc::SourceList']) {
    const setting = command.find(word => word.startsWith(`${key}=`)) ?? ''
    t.true(setting.startsWith(`${key}=/own`), key)
  }
})

test('a file name gives name and version back', t => {
  const word = fc.stringMatching(/^[a-z0-9][a-z0-9+.-]{1,20}$/)
  const version = fc.stringMatching(/^([0-9]:)?[0-9][A-Za-z0-9.+~-]{0,20}$/)
  fc.assert(
    fc.property(word, version, (name, text) => {
      const file = `${name}_${text.replace(':', '%3a')}_amd64.deb`
      t.deepEqual(parseFileName(file), { name, version: text, file })
    }),
  )
})

for (const [version, upstream] of [
  ['2.32.3+dfsg-5+deb13u1', '2.32.3'],
  ['1:1.3.dfsg+really1.3.1-1', '1.3.dfsg'],
  ['2025.1.31+ds-1', '2025.1.31'],
  ['3.13.5-2+deb13u5', '3.13.5'],
  ['6.5', '6.5'],
] as const) {
  test(`${version} is ${upstream} to its language`, t => t.is(parseUpstreamVersion(version), upstream))
}
