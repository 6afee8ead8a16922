/** Passwords pass to the letter, or not at all and without a word of them. */
import test from 'ava'
import fc from 'fast-check'
import { faultsOf, parse } from './support.ts'

const both = (password: string) => ({ 'appliance.root_pwd': password, 'dispatch.admin_pwd': password })

const hostile = [
  'win$(reboot)ter `is` \\coming\\ ',
  '  blanks in front and behind \t ',
  '"quoted" & <tagged> \'twice\'',
  'ümläute & 日本語 & 🔑🔑🔑 ',
  '%p %% %n %s $HOME !!',
  'root:x:0:0:;|>&2 #comment',
  '-----BEGIN it is not-----',
  'nullnull nothing 42',
]
for (const password of hostile)
  test(`to the letter: ${password}`, t => {
    const { credentials, faults } = parse(both(password))
    t.deepEqual(faults, [])
    t.deepEqual(credentials, { rootPassword: password, adminPassword: password })
  })

test('any password with nothing of a line break in it passes as it is', t => {
  const passwords = fc.string({ unit: 'grapheme', minLength: 12, maxLength: 100 })
  fc.assert(
    fc.property(passwords, password => {
      const { rootPassword } = parse(both(`x${password}`)).credentials
      t.true(rootPassword === `x${password}` || /[\n\r\0]/.test(password))
    }),
  )
})

const bad: readonly (readonly [password: string, faults: readonly RegExp[]])[] = [
  ['seven77', [/root_pwd: it has fewer than 8/, /admin_pwd: it has fewer than 12/]],
  ['eight888', [/admin_pwd: it has fewer than 12/]],
  ['winter\nis coming', [/root_pwd: .*line break/, /admin_pwd: .*line break/]],
  ['winter\0is coming', [/root_pwd: .*NUL/, /admin_pwd: .*NUL/]],
  ['winter is \ud800 coming', [/root_pwd: .*half/, /admin_pwd: .*half/]],
  ['é'.repeat(256), [/root_pwd: .*511 bytes/, /admin_pwd: .*fewer than 5 different/]],
  ['password12345678', [/admin_pwd: .*tried first/]],
  ['the admin is here', [/admin_pwd: the name of its user/]],
]
for (const [password, expected] of bad)
  test(`refused without a word of it: ${JSON.stringify(password.slice(0, 20))}`, t => {
    const faults = faultsOf(both(password))
    t.is(faults.length, expected.length)
    for (const [at, fault] of faults.entries()) {
      t.regex(fault, expected[at] ?? /never/)
      t.false(fault.includes(password))
    }
  })
