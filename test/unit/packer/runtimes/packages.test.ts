import test from 'ava'
import fc from 'fast-check'
import {
  MirrorUnknown,
  parseFileName,
  parseMirrors,
  parseUpstreamVersion,
  planApt,
  renderSources,
  renderStatus,
} from '../../../../packer/runtimes/packages.ts'

const line = (address: string) => `'${address}/dists/bookworm/InRelease' name_InRelease 0 \n`

test('the mirrors are those of this machine', t => {
  const printed = line('http://other.test/node') + line('http://a.test/debian') + line('http://b.test/debian-security')
  t.deepEqual(parseMirrors(printed), { archive: 'http://a.test/debian', security: 'http://b.test/debian-security' })
})

test('a mirror without a security line, or a given one, has security beside it', t => {
  const mirrors = { archive: 'http://a.test/debian', security: 'http://a.test/debian-security' }
  t.deepEqual(parseMirrors(line('http://a.test/debian')), mirrors)
  t.deepEqual(parseMirrors(line('http://x.test/debian'), 'http://a.test/debian/'), mirrors)
})

test('a machine without a Debian mirror is told what to set', t => {
  const error = t.throws(() => parseMirrors(line('http://a.test/ubuntu')), { instanceOf: MirrorUnknown })
  t.regex(error.message, /Set DISPATCH_DEBIAN_MIRROR/)
})

test('every source is checked against the Debian keyring, and nothing turns that off', t => {
  const sources = renderSources({ archive: 'http://a.test/debian', security: 'http://a.test/debian-security' })
  const lines = sources.trim().split('\n')
  t.is(lines.length, 3)
  for (const source of lines)
    t.regex(source, /^deb \[signed-by=\/usr\/share\/keyrings\/debian-archive-keyring\.gpg\] http/)
  t.notRegex(sources + planApt('/x', 'update').join(' '), /trusted|allow-?insecure|allow-?unauthenticated/i)
})

test('apt works in its own folder alone', t => {
  const command = planApt('/own', 'update')
  for (const key of ['Dir::State', 'Dir::State::lists', 'Dir::State::status', 'Dir::Cache', 'Dir::Etc::SourceList']) {
    const setting = command.find(word => word.startsWith(`${key}=`)) ?? ''
    t.true(setting.startsWith(`${key}=/own`), key)
  }
})

test('held packages look installed', t => {
  t.regex(renderStatus(), /^Package: dpkg\nStatus: install ok installed\n/)
  t.regex(renderStatus(), /Package: mawk\n(.+\n)+Provides: awk\n/)
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
