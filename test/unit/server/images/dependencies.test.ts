/** Which dependencies a runtime satisfies: nothing that it does not hold may count as met. */
import test from 'ava'
import fc from 'fast-check'
import { missingPackages } from '../../../../server/images/dependencies.ts'

const ask = (language: string, manifest: string, systemPackages: { name: string; version?: string }[] = []) =>
  missingPackages({ image: { manifest, systemPackages }, language, packagesJson: '{"requests":"2.32.3"}' })

const cases: [string, string, string, string[]][] = [
  ['an empty manifest', 'python3', '', []],
  ['comments and blank lines', 'python3', '# nothing\n\n', []],
  ['a held package', 'python3', 'requests\n', []],
  ['a held package in another spelling', 'python3', 'Requests  # http', []],
  ['the exact version', 'python3', 'requests==2.32.3', []],
  ['another version', 'python3', 'requests==2.0.0', ['requests==2.0.0']],
  ['a range, which is not looked into', 'python3', 'requests>=2', ['requests>=2']],
  ['names that every object has', 'python3', 'constructor\n__proto__', ['constructor', '__proto__']],
  ['an option line', 'python3', '-r other.txt', ['-r other.txt']],
  ['a node manifest without dependencies', 'nodejs', '{"name":"x"}', []],
  ['a node dependency', 'nodejs', '{"dependencies":{"left-pad":"1.3.0"}}', ['left-pad@1.3.0']],
  ['a language that every object has', 'constructor', 'x', ['its runtime dependencies']],
  ['any manifest of a language that is not known', 'java', '<project/>', ['its runtime dependencies']],
]
for (const [title, language, manifest, expected] of cases) {
  test(title, t => {
    t.deepEqual(ask(language, manifest), expected)
  })
}

test('system packages are never held', t => {
  t.deepEqual(ask('python3', '', [{ name: 'curl', version: '7.1' }]), ['the system package curl 7.1'])
})

test('an unreadable package.json is named', t => {
  t.regex(ask('nodejs', '{').join(), /a readable package\.json/)
})

test('a random manifest is only satisfied by names that are held', t => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), { minLength: 1 }), names => {
      t.deepEqual(
        ask('python3', names.join('\n')),
        names.filter(name => name !== 'requests'),
      )
    }),
  )
})
