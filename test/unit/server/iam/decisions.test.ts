/** Decisions as they are remembered: without a promise once read, and never longer than what they were made from. */
import test from 'ava'
import { anyone, type Principal } from '../../../../server/core/access.ts'
import { createEntity } from '../../../../server/core/entity.ts'
import { createDecisions } from '../../../../server/iam/decisions.ts'
import type { Policy } from '../../../../server/iam/policy-schema.ts'
import { createClock, createIds } from '../../../../server/system.ts'

const jon: Principal = { kind: 'user', subject: 'jon' }
const reading = { principal: jon, org: 'a', resource: 'function', action: 'get' } as const
const policy: Policy = {
  ...createEntity('a', { name: 'p' }, { ...createClock(), ...createIds() }),
  global: false,
  rules: [{ subjects: ['jon'], actions: ['get'], resources: ['*'] }],
}

function createStage(isOpen = false) {
  const stored = { policies: [policy], organizations: ['a'], reads: 0 }
  const decisions = createDecisions({
    isOpen,
    policies: {
      list: async () => {
        stored.reads += 1
        return stored.policies
      },
    },
    organizations: { keys: async () => stored.organizations.map(name => ({ org: name, name })) },
  })
  return { stored, ...decisions }
}

test('the first question waits for policies to be read, those after it do not, and side by side they read once', async t => {
  const { stored, allows, hasOrganization } = createStage()
  const first = [allows(reading), allows(reading), hasOrganization('a')]
  t.true(first.every(answer => answer instanceof Promise))
  t.deepEqual(await Promise.all(first), [true, true, true])
  t.is(allows(reading), true)
  t.is(allows({ ...reading, action: 'update' }), false)
  t.is(hasOrganization('b'), false)
  t.is(stored.reads, 1)
})

test('what was allowed is refused once the policy has gone, and an organization is known once it is there', async t => {
  const { stored, allows, hasOrganization, follow } = createStage()
  t.true(await allows(reading))
  Object.assign(stored, { policies: [], organizations: ['a', 'b'] })
  follow({ kind: 'Function' })
  t.is(allows(reading), true)
  follow({ kind: 'Policy' })
  t.false(await allows(reading))
  t.true(await hasOrganization('b'))
})

test('what was read before a change is not kept after it', async t => {
  const { stored, allows, follow } = createStage()
  const early = allows(reading)
  stored.policies = []
  follow({ kind: 'Policy' })
  await early
  t.false(await allows(reading))
})

test('a reading that failed is tried again by the next question', async t => {
  let failures = 1
  const { allows } = createDecisions({
    isOpen: false,
    policies: {
      list: async () => {
        if (failures-- > 0) throw new Error('the disk is gone')
        return [policy]
      },
    },
    organizations: { keys: async () => [] },
  })
  await t.throwsAsync(async () => allows(reading), { message: 'the disk is gone' })
  t.true(await allows(reading))
})

test('who asks of ever other organizations is answered as well as before', async t => {
  const { allows } = createStage()
  await allows(reading)
  for (let index = 0; index < 2500; index += 1) t.is(allows({ ...reading, org: `o${index}` }), false)
  t.is(allows(reading), true)
})

test('nobody is asked about in the mode open, nor who comes by the socket of this machine', t => {
  const { allows } = createStage(true)
  for (const kind of ['anyone', 'local'] as const) t.is(allows({ ...reading, principal: { kind, subject: '' } }), true)
})

test('who has not said who he is may do everything on an open server, and nothing on another one', async t => {
  for (const isOpen of [true, false]) t.is(await createStage(isOpen).allows({ ...reading, principal: anyone }), isOpen)
})
