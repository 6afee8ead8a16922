/** Which user somebody is by the claims of an issuer, and whom no claim makes anybody. */
import test from 'ava'
import fc from 'fast-check'
import { nameUser } from '../../../../../server/iam/oidc/subject.ts'

const refusalOf = (claim: string, claims: unknown): string => {
  const naming = nameUser(claim, claims)
  return 'refused' in naming ? naming.refused : `let in as ${naming.subject}`
}

test('an e-mail address that the issuer has verified is a user, in whatever case it is written', t => {
  t.deepEqual(nameUser('email', { email: 'Jon@Wall.example', email_verified: true }), { subject: 'jon@wall.example' })
})

test('a letter that would be another one in lower case stays what it is: the address is of somebody else', t => {
  const [kelvin, dotted] = ['\u212aim@wall.example', '\u0130vy@wall.example']
  for (const email of [kelvin, dotted])
    t.deepEqual(nameUser('email', { email, email_verified: true }), { subject: email })
})

test('an e-mail address that nobody has verified is nobody', t => {
  for (const verified of [false, undefined, null, 'true', 1, 'false', {}])
    t.regex(refusalOf('email', { email: 'jon@wall.example', email_verified: verified }), /did not verify/)
  for (const email of ['', 'jon', '@wall', 'jon@', 'a@b@c', 7, null, ['jon@wall.example'], undefined])
    t.is(refusalOf('email', { email, email_verified: true }), 'the issuer gives no claim email')
})

test('any other claim is a user whose name tells where it comes from: no user of this server, and no account', t => {
  t.deepEqual(nameUser('preferred_username', { preferred_username: 'admin' }), { subject: 'oidc:admin' })
  for (const value of ['', 7, null, ['admin'], { a: 1 }, undefined])
    t.is(refusalOf('groups', { groups: value }), 'the issuer gives no claim groups')
  for (const claims of [undefined, null, [], 'text', 7]) t.regex(refusalOf('sub', claims), /gives no claim sub/)
})

test('what could mean something else in a policy, or be shown as something else, is no name', t => {
  for (const name of ['other/account', '*', 'a b', 'a\nb', 'a\u0000', 'a\u202eb', 'a\u200bb', 'x'.repeat(129)]) {
    t.regex(refusalOf('name', { name }), /^its claim name is no name: at most 128/, JSON.stringify(name))
    t.regex(refusalOf('email', { email: `${name}@wall.example`, email_verified: true }), /is no name/)
  }
})

test('whatever an issuer says, names are those of policies and never of an account', t => {
  const claims = fc.record({ email: fc.string(), sub: fc.string(), email_verified: fc.boolean() })
  fc.assert(
    fc.property(claims, fc.constantFrom('email', 'sub'), (said, claim) => {
      const naming = nameUser(claim, said)
      return 'refused' in naming || (/[@:]/.test(naming.subject) && !/[\s/*]/.test(naming.subject))
    }),
    { numRuns: 300 },
  )
  t.pass()
})
