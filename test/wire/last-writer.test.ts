/** Rights that nobody who is there has are no way in: neither the last user or account that has them goes, nor does a policy name nobody. */
import test, { type ExecutionContext } from 'ava'
import type { AppOptions } from '../../server/app-options.ts'
import { giveAccount, givePolicy, giveUser } from '../helpers/credentials.ts'
import { createTestApp } from '../helpers/test-app.ts'

const rulesOf = (subject: string) => [{ subjects: [subject], actions: ['*'], resources: ['*'] }]

/** The account dispatch/chief may do everything everywhere, by the policy `all`. */
async function createChief(t: ExecutionContext, options: Partial<AppOptions> = {}) {
  const { call, store } = await createTestApp(t, {}, { auth: 'required', ...options })
  await givePolicy(store, { subjects: ['chief'], global: true })
  const chief = await giveAccount(store, 'dispatch/chief')
  const ask = async (method: string, url: string, body?: unknown) => {
    const { status, body: answer } = await call(method, url, body, chief)
    return [status, answer?.message]
  }
  const allow = async (name: string, subject: string) => {
    const [status] = await ask('POST', '/v1/iam/policy', { name, global: true, rules: rulesOf(subject) })
    t.is(status, 201)
  }
  return { ask, allow, store }
}

const leaving = '/v1/iam/serviceaccount/chief'
const refused = [
  409,
  'service account dispatch/chief is the last one whom a policy lets write policies in all organizations: let somebody else do so first, or do it by the local socket of the server',
]

test('the last account that may write policies everywhere stays, until somebody else who is there may', async t => {
  const { ask, allow, store } = await createChief(t)
  t.deepEqual(await ask('DELETE', leaving), refused)
  await allow('for-nobody', 'arya')
  t.deepEqual(await ask('DELETE', leaving), refused)
  await giveUser(store, 'arya')
  t.deepEqual(await ask('DELETE', leaving), [200, undefined])
})

test('so does the last user', async t => {
  const { call, store } = await createTestApp(t, {}, { auth: 'required' })
  await givePolicy(store, { subjects: ['jon'], global: true })
  await givePolicy(store, { subjects: ['cleaner'], actions: ['delete'], global: true })
  for (const name of ['jon', 'arya']) await giveUser(store, name)
  const cleaner = await giveAccount(store, 'dispatch/cleaner')
  const remove = (name: string) => call('DELETE', `/v1/iam/user/${name}`, undefined, cleaner)
  t.is((await remove('arya')).status, 200)
  const { status, body } = await remove('jon')
  t.is(status, 409)
  t.regex(body.message, /^user jon is the last one whom a policy lets write policies in all organizations: /)
})

test('who alone administers an organization stays as long as nobody else does', async t => {
  const { call, store } = await createTestApp(t, {}, { auth: 'required' })
  await givePolicy(store, { subjects: ['steward'] })
  const steward = await giveAccount(store, 'dispatch/steward')
  const { status, body } = await call('DELETE', '/v1/iam/serviceaccount/steward', undefined, steward)
  t.is(status, 409)
  t.regex(body.message, /^service account dispatch\/steward is the last one .* in organization dispatch: let somebody/)
})

test('a policy cannot be left to nobody', async t => {
  const { ask, allow, store } = await createChief(t)
  const own = { name: 'all', global: true, rules: rulesOf('arya') }
  await allow('all', 'chief')
  const [policy] = (await store.collection('Policy').list()).filter(({ name }) => name !== 'all')
  t.is((await ask('DELETE', `/v1/iam/policy/${policy?.name}`))[0], 200)
  const [status, message] = await ask('PUT', '/v1/iam/policy/all', own)
  t.is(status, 409)
  t.regex(message, /^policy all is the last one that lets anybody write policies in all organizations: /)
  await giveUser(store, 'arya')
  t.is((await ask('PUT', '/v1/iam/policy/all', own))[0], 200)
})

test('where an issuer or certificates say who users are, any name may be one', async t => {
  const { ask, allow } = await createChief(t, { clientCertificates: 'optional' })
  await allow('all', 'arya')
  t.deepEqual(await ask('DELETE', leaving), [200, undefined])
})

test('of two accounts that are deleted at once one stays', async t => {
  const { ask, allow, store } = await createChief(t)
  await giveAccount(store, 'dispatch/deputy')
  await allow('all', 'deputy')
  const answers = await Promise.all(['chief', 'deputy'].map(name => ask('DELETE', `/v1/iam/serviceaccount/${name}`)))
  t.true(answers.some(([status]) => status !== 200))
})
