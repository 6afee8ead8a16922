/** Whoever asks over the network locks nobody out for good: neither by policies nor by organizations. */
import test, { type ExecutionContext } from 'ava'
import type { Policy } from '../../server/iam/policy-schema.ts'
import { giveAccount, giveOrganization, givePolicy, giveUser } from '../helpers/credentials.ts'
import { createTestApp } from '../helpers/test-app.ts'

/** `chief` may do everything everywhere, `steward` in the organization north alone. */
async function createGuarded(t: ExecutionContext) {
  const { call, store } = await createTestApp(t, {}, { auth: 'required' })
  await giveOrganization(store, 'north')
  await givePolicy(store, { subjects: ['chief'], global: true })
  await givePolicy(store, { subjects: ['steward'], org: 'north' })
  const chief = await giveAccount(store, 'dispatch/chief')
  const steward = await giveAccount(store, 'north/steward')
  await giveUser(store, 'somebody')
  const policies = await store.collection<Policy>('Policy').list()
  const pathOf = (org: string) => `/v1/iam/policy/${policies.find(policy => policy.org === org)?.name}`
  const policy = (name: string, action: string, global = false) => ({
    ...{ name, global },
    rules: [{ subjects: ['somebody'], actions: [action], resources: ['iam'] }],
  })
  return { call, chief, steward, ofChief: pathOf('dispatch'), ofSteward: pathOf('north'), policy }
}

const nameIn = (path: string) => path.slice('/v1/iam/policy/'.length)

test('the last policy that lets anybody write policies everywhere stays, whether it is deleted or emptied', async t => {
  const { call, chief, ofChief, policy } = await createGuarded(t)
  const name = nameIn(ofChief)
  for (const [method, body] of [
    ['DELETE', undefined],
    ['PUT', policy(name, 'get', true)],
    ['PUT', policy(name, '*', false)],
  ] as const) {
    const { status, body: answer } = await call(method, ofChief, body, chief)
    t.is(status, 409)
    t.regex(answer.message, /^policy .* is the last one that lets anybody write policies in all organizations: create /)
  }
  t.is((await call('PUT', ofChief, policy(name, 'update', true), chief)).status, 200)
})

test('it goes once there is another one', async t => {
  const { call, chief, ofChief, policy } = await createGuarded(t)
  t.is((await call('POST', '/v1/iam/policy', policy('weak', 'delete', true), chief)).status, 201)
  t.is((await call('DELETE', ofChief, undefined, chief)).status, 409)
  t.is((await call('POST', '/v1/iam/policy', policy('other', 'create', true), chief)).status, 201)
  t.is((await call('DELETE', ofChief, undefined, chief)).status, 200)
})

test('of two that are deleted at once one stays', async t => {
  const { call, chief, ofChief, policy } = await createGuarded(t)
  await call('POST', '/v1/iam/policy', policy('other', '*', true), chief)
  const paths = [ofChief, '/v1/iam/policy/other']
  const answers = await Promise.all(paths.map(path => call('DELETE', path, undefined, chief)))
  t.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409])
})

test('a policy of one organization goes, since who may write policies everywhere can give rights there again', async t => {
  const { call, steward, ofSteward } = await createGuarded(t)
  t.is((await call('DELETE', ofSteward, undefined, { ...steward, 'x-dispatch-org': 'north' })).status, 200)
})

test('where nobody has rights everywhere, the last one of the organization stays', async t => {
  const { call, store } = await createTestApp(t, {}, { auth: 'required' })
  await givePolicy(store, { subjects: ['steward'] })
  const steward = await giveAccount(store, 'dispatch/steward')
  const [policy] = await store.collection<Policy>('Policy').list()
  const { status, body } = await call('DELETE', `/v1/iam/policy/${policy?.name}`, undefined, steward)
  t.is(status, 409)
  t.regex(body.message, / lets anybody write policies in organization dispatch: create another such policy first/)
})

test('who has rights in one organization alone does not delete it; who has them everywhere does', async t => {
  const { call, chief, steward } = await createGuarded(t)
  const own = await call('DELETE', '/v1/iam/organization/north', undefined, steward)
  t.is(own.status, 409)
  t.regex(own.body.message, /^organization north is your own, and without it nobody of it gets in again: have somebody/)
  t.is((await call('DELETE', '/v1/iam/organization/dispatch', undefined, chief)).status, 200)
  t.is((await call('DELETE', '/v1/iam/organization/north', undefined, chief)).status, 200)
  t.is((await call('POST', '/v1/iam/organization', { name: 'dispatch' }, chief)).status, 201)
})

test('where nobody is asked who it is, nobody is locked out', async t => {
  const { call } = await createTestApp(t)
  const rules = [{ subjects: ['jon'], actions: ['*'], resources: ['*'] }]
  await call('POST', '/v1/iam/policy', { name: 'all', global: true, rules })
  await call('POST', '/v1/iam/organization', { name: 'north' })
  t.is((await call('DELETE', '/v1/iam/policy/all')).status, 200)
  t.is((await call('DELETE', '/v1/iam/organization/north')).status, 200)
})
