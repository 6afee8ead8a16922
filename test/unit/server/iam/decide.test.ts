/** What policies allow: each part of a rule, subjects, scopes; and any policies, against the sentence of the contract. */
import test from 'ava'
import fc from 'fast-check'
import type { Permission, Principal } from '../../../../server/core/access.ts'
import { countsEverywhere, decide, type PolicyTerms } from '../../../../server/iam/decide.ts'

const user = (subject: string): Principal => ({ kind: 'user', subject })
const account = (org: string, subject: string): Principal => ({ kind: 'account', org, subject })
const policy = (subject: string, terms: Partial<PolicyTerms> = {}): PolicyTerms => ({
  org: 'a',
  global: false,
  rules: [{ subjects: [subject], actions: ['get'], resources: ['function'] }],
  ...terms,
})
const reading: Permission = { resource: 'function', action: 'get' }
const isAllowed = (principal: Principal, policies: PolicyTerms[], asked: Partial<Permission & { org: string }> = {}) =>
  decide({ principal, org: 'a', ...reading, ...asked }, policies)

test('without a policy nobody may do anything', t => {
  t.false(isAllowed(user('jon'), []))
  t.false(isAllowed(user('jon'), [policy('jon', { rules: [] })]))
})

test('a rule allows its subject its action on its resource, in the organization of its policy, and nothing beside', t => {
  const policies = [policy('jon')]
  t.true(isAllowed(user('jon'), policies))
  t.false(isAllowed(user('ann'), policies))
  t.false(isAllowed(user('jon'), policies, { action: 'update' }))
  t.false(isAllowed(user('jon'), policies, { resource: 'functions' }))
  t.false(isAllowed(user('jon'), policies, { org: 'b' }))
  t.false(isAllowed(user('jon'), policies, { org: '' }))
})

test('a global policy counts in every organization, and for what belongs to none', t => {
  const policies = [policy('jon', { global: true })]
  for (const org of ['a', 'b', '']) t.true(isAllowed(user('jon'), policies, { org }), org)
})

test('a star stands for every action or resource, but not inside a name', t => {
  const any = (actions: string[], resources: string[]) => [
    policy('', { rules: [{ subjects: ['jon'], actions, resources }] }),
  ]
  t.true(isAllowed(user('jon'), any(['*'], ['*']), { resource: 'secret', action: 'read' }))
  t.true(isAllowed(user('jon'), any(['*'], ['secret']), { resource: 'secret', action: 'read' }))
  t.false(isAllowed(user('jon'), any(['get'], ['*']), { resource: 'secret', action: 'read' }))
  t.false(isAllowed(user('jon'), any(['*'], ['func*'])))
  t.false(isAllowed(user('jon'), [policy('*')]))
})

test('a bare name is an account of the organization of the policy, and of no other', t => {
  t.true(isAllowed(account('a', 'robot'), [policy('robot')]))
  t.false(isAllowed(account('b', 'robot'), [policy('robot')]))
  t.false(isAllowed(account('b', 'robot'), [policy('robot', { global: true })]))
  t.true(isAllowed(account('a', 'robot'), [policy('robot', { global: true })], { org: 'b' }))
})

test('an account of another organization is named with it', t => {
  t.true(isAllowed(account('b', 'robot'), [policy('b/robot')]))
  t.false(isAllowed(account('a', 'robot'), [policy('b/robot')]))
  t.true(isAllowed(account('b', 'robot'), [policy('b/robot', { global: true })], { org: 'c' }))
})

test('a user is never what a name with a slash means, whatever the user is called', t => {
  t.false(isAllowed(user('b/robot'), [policy('b/robot')]))
  t.false(isAllowed(user('robot'), [policy('b/robot')]))
})

test('neither drivers nor nobody in particular are in any rule', t => {
  for (const kind of ['driver', 'anyone', 'local'] as const)
    t.false(isAllowed({ kind, subject: 'jon', org: 'a' }, [policy('jon'), policy('a/jon')]), kind)
})

test('a scope narrows what is allowed, and gives nothing', t => {
  const all = [policy('', { rules: [{ subjects: ['jon'], actions: ['*'], resources: ['*'] }] })]
  const jon = (...scope: Permission[]): Principal => ({ ...user('jon'), scope })
  t.true(isAllowed(jon(reading), all))
  t.false(isAllowed(jon(reading), all, { action: 'update' }))
  t.false(isAllowed(jon(), all))
  t.false(isAllowed(jon(reading), []))
})

test('what counts in one organization is nothing in another, nor for what belongs to none', t => {
  const policies = [policy('jon', { global: true })]
  const jon = { ...user('jon'), onlyIn: 'a' }
  t.true(isAllowed(jon, policies))
  for (const org of ['b', '']) t.false(isAllowed(jon, policies, { org }))
})

test('who is named by a global policy counts everywhere, whatever the policy allows', t => {
  t.true(countsEverywhere(account('b', 'x'), [policy('b/x', { global: true })]))
  t.true(countsEverywhere(account('a', 'x'), [policy('x', { global: true })]))
  t.false(countsEverywhere(account('b', 'x'), [policy('x', { global: true }), policy('b/x')]))
})

const word = <T extends string>(...words: T[]) => fc.constantFrom(...words)
const anyPrincipal: fc.Arbitrary<Principal> = fc.oneof(
  fc.record({ kind: fc.constant('user' as const), subject: word('x', 'y', 'a/x') }),
  fc.record({ kind: fc.constant('account' as const), subject: word('x', 'y'), org: word('a', 'b') }),
)
const some = (...words: string[]) => fc.subarray(words, { minLength: 1 })
const anyPolicy: fc.Arbitrary<PolicyTerms> = fc.record({
  org: word('a', 'b'),
  global: fc.boolean(),
  rules: fc.array(
    fc.record({
      subjects: some('x', 'y', 'a/x', 'b/x'),
      actions: some('get', 'read', '*'),
      resources: some('secret', 'api', '*'),
    }),
    { maxLength: 3 },
  ),
})

/** As a reader of the contract would write it: every single grant is listed, then looked up. */
function grantsOf(policies: PolicyTerms[]): Set<string> {
  const grants = new Set<string>()
  const namesOf = (subject: string, org: string): string[] =>
    subject.includes('/') ? [`account ${subject}`] : [`user ${subject}`, `account ${org}/${subject}`]
  for (const { org, global, rules } of policies)
    for (const { subjects, actions, resources } of rules)
      for (const name of subjects.flatMap(subject => namesOf(subject, org)))
        for (const action of actions.includes('*') ? ['get', 'read'] : actions)
          for (const resource of resources.includes('*') ? ['secret', 'api'] : resources)
            for (const place of global ? ['a', 'b', ''] : [org]) grants.add([name, place, resource, action].join(' '))
  return grants
}

test('any policies allow what a list of all their grants has, and nothing beside', t => {
  fc.assert(
    fc.property(
      fc.array(anyPolicy, { maxLength: 4 }),
      anyPrincipal,
      fc.record({ org: word('a', 'b', ''), resource: word('secret', 'api'), action: word('get', 'read') }),
      (policies, principal, { org, resource, action }) => {
        const { kind, subject } = principal
        const name = kind === 'user' ? `user ${subject}` : `account ${principal.org}/${subject}`
        const expected = grantsOf(policies).has([name, org, resource, action].join(' '))
        t.is(decide({ principal, org, resource, action }, policies), expected)
      },
    ),
    { numRuns: 2000 },
  )
})
