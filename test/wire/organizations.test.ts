/** Organizations of a server that asks who calls: what one keeps from another, and what its administrators cannot take. */
import test, { type ExecutionContext } from 'ava'
import type { Driver } from '../../server/events/driver-schema.ts'
import { giveAccount, giveOrganization, givePolicy } from '../helpers/credentials.ts'
import { createTestApp, type TestApp } from '../helpers/test-app.ts'

const inNorth = { 'x-dispatch-org': 'north' }
const rules = [{ subjects: ['north/admin'], actions: ['*'], resources: ['*'] }]

/** Two organizations, an administrator of one, and one of everything. */
async function createStage(t: ExecutionContext) {
  const app = await createTestApp(t, {}, { auth: 'required' })
  const { store } = app
  await giveOrganization(store, 'north')
  const admin = { ...(await giveAccount(store, 'north/admin')), ...inNorth }
  const root = await giveAccount(store, 'dispatch/root')
  await givePolicy(store, { subjects: ['admin'], org: 'north' })
  await givePolicy(store, { subjects: ['root'], global: true })
  return { ...app, admin, root: { ...root, ...inNorth } }
}

test('names in one organization are free in another, and what is in one is not in another', async t => {
  const { call, admin, root } = await createStage(t)
  const secret = { name: 's', secrets: { a: 'north' } }
  t.is((await call('POST', '/v1/secret', secret, admin)).status, 201)
  const elsewhere = { ...root, 'x-dispatch-org': 'dispatch' }
  t.deepEqual((await call('GET', '/v1/secret', undefined, elsewhere)).body, [])
  t.is((await call('POST', '/v1/secret', secret, elsewhere)).status, 201)
  t.is((await call('GET', '/v1/secret/s', undefined, { ...admin, 'x-dispatch-org': 'dispatch' })).status, 403)
})

test('a service account that names no organization means its own, and one that is not there is named to who may use it', async t => {
  const { call, admin, root } = await createStage(t)
  const own = { ...admin, 'x-dispatch-org': '' }
  t.is((await call('POST', '/v1/secret', { name: 's' }, own)).status, 201)
  t.is((await call('GET', '/v1/secret/s', undefined, admin)).status, 200)
  const inNowhere = { 'x-dispatch-org': 'nowhere' }
  const { status, body } = await call('GET', '/v1/secret', undefined, { ...root, ...inNowhere })
  t.is(status, 403)
  const { body: told } = await call('GET', '/v1/secret', undefined, { ...admin, ...inNowhere })
  t.regex(told.message, /no policy allows it/, 'who may do nothing there learns nothing of it')
  t.regex(body.message, /^organization nowhere does not exist: .*dispatch iam create organization nowhere$/)
})

test('who administers one organization writes policies in it, but none that counts elsewhere', async t => {
  const { call, admin, root } = await createStage(t)
  t.is((await call('POST', '/v1/iam/policy', { name: 'own', rules }, admin)).status, 201)
  t.is((await call('POST', '/v1/iam/policy', { name: 'all', global: true, rules }, admin)).status, 403)
  t.is((await call('PUT', '/v1/iam/policy/own', { name: 'own', global: true, rules }, admin)).status, 403)
  t.is((await call('POST', '/v1/iam/policy', { name: 'all', global: true, rules }, root)).status, 201)
})

test('who administers one organization neither changes nor removes a global policy in it', async t => {
  const { call, admin, root } = await createStage(t)
  const held = [{ subjects: ['someone'], actions: ['get'], resources: ['*'] }]
  await call('POST', '/v1/iam/policy', { name: 'all', global: true, rules: held }, root)
  t.is((await call('PUT', '/v1/iam/policy/all', { name: 'all', rules }, admin)).status, 403)
  t.is((await call('DELETE', '/v1/iam/policy/all', undefined, admin)).status, 403)
  t.is((await call('DELETE', '/v1/iam/policy/all', undefined, root)).status, 200)
})

test('who administers one organization does not become an account of it that a global policy names', async t => {
  const { call, admin, root } = await createStage(t)
  const { body: account } = await call('GET', '/v1/iam/serviceaccount/admin', undefined, admin)
  const strong = { ...account, name: 'strong' }
  t.is((await call('POST', '/v1/iam/serviceaccount', { ...account, name: 'weak' }, admin)).status, 201)
  const held = [{ subjects: ['strong'], actions: ['get'], resources: ['*'] }]
  await call('POST', '/v1/iam/policy', { name: 'all', global: true, rules: held }, root)
  t.is((await call('POST', '/v1/iam/serviceaccount', strong, admin)).status, 403)
  t.is((await call('POST', '/v1/iam/serviceaccount', strong, root)).status, 201)
  t.is((await call('PUT', '/v1/iam/serviceaccount/strong', strong, admin)).status, 403)
  t.is((await call('DELETE', '/v1/iam/serviceaccount/strong', undefined, admin)).status, 403)
})

test('an organization is its administrators’, from wherever they ask; others are not, nor is the list of all', async t => {
  const { call, admin } = await createStage(t)
  t.is((await call('GET', '/v1/iam/organization/north', undefined, { ...admin, 'x-dispatch-org': 'x' })).status, 200)
  t.is((await call('DELETE', '/v1/iam/organization/dispatch', undefined, admin)).status, 403)
  t.is((await call('GET', '/v1/iam/organization', undefined, admin)).status, 403)
  t.is((await call('POST', '/v1/iam/organization', { name: 'south' }, admin)).status, 403)
})

test('rights end with the answer to the request that takes them', async t => {
  const { call, root, store } = await createStage(t)
  const robot = { ...(await giveAccount(store, 'north/robot')), ...inNorth }
  const held = [{ subjects: ['robot'], actions: ['get'], resources: ['secret'] }]
  t.is((await call('GET', '/v1/secret', undefined, robot)).status, 403)
  await call('POST', '/v1/iam/policy', { name: 'p', rules: held }, root)
  t.is((await call('GET', '/v1/secret', undefined, robot)).status, 200)
  await call('DELETE', '/v1/iam/policy/p', undefined, root)
  t.is((await call('GET', '/v1/secret', undefined, robot)).status, 403)
})

test('a proxy hears what a request would: which organization, or why not', async t => {
  const { call, admin, store } = await createStage(t)
  const asking = { 'x-original-method': 'DELETE', 'x-auth-request-redirect': '/v1/function/f?x=1' }
  const { status, headers } = await call('GET', '/v1/iam/auth', undefined, { ...admin, ...asking })
  t.deepEqual([status, headers['x-dispatch-org']], [202, 'north'])
  const weak = { ...(await giveAccount(store, 'north/weak')), ...inNorth }
  t.regex(
    (await call('GET', '/v1/iam/auth', undefined, { ...weak, ...asking })).body.message,
    /may not delete function/,
  )
  t.is((await call('GET', '/v1/iam/auth', undefined, weak)).status, 202)
})

/** What the gateway answers at the path. */
async function openGateway(t: ExecutionContext, { app }: TestApp) {
  const { http } = app.gateway.servers
  await new Promise<void>(resolve => http.listen({ host: '127.0.0.1', port: 0 }, resolve))
  t.teardown(() => {
    http.closeAllConnections()
    http.close()
  })
  const address = http.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return async (path: string) => (await (await fetch(`http://127.0.0.1:${port}${path}`)).text()).trim()
}

test('of an organization that has gone the gateway serves no API and events are refused, until it is there again', async t => {
  const stage = await createStage(t)
  const { store, call, root } = stage
  const get = await openGateway(t, stage)
  await call('POST', '/v1/api', { name: 'a', function: 'f', uris: ['/x'], enabled: true }, root)
  await call('POST', '/v1/event/drivertypes', { name: 'ticker', image: 'me/ticker:1' }, root)
  await call('POST', '/v1/event/drivers', { name: 'tick', type: 'ticker' }, root)
  const event = { eventType: 'a.b', cloudEventsVersion: '0.1', source: 's', eventID: '1' }
  const askBoth = async () => {
    const token = (await store.collection<Driver>('Driver').get('north', 'tick'))?.token
    return [await get('/north/x'), (await call('POST', `/v1/event/ingest?authToken=${token}`, event)).status]
  }
  t.deepEqual(await askBoth(), ['{"message":"function f not found"}', 200])
  await call('DELETE', '/v1/iam/organization/north', undefined, root)
  t.deepEqual(await askBoth(), ['{"message":"no API found with those values"}', 403])
  await call('POST', '/v1/iam/organization', { name: 'north' }, root)
  t.deepEqual(await askBoth(), ['{"message":"function f not found"}', 200])
})

test('values of secrets are for those who may read them, also where they are listed or written', async t => {
  const { call, admin, store } = await createStage(t)
  const weak = { ...(await giveAccount(store, 'north/weak')), ...inNorth }
  await givePolicy(store, { subjects: ['weak'], actions: ['get', 'create', 'update'], org: 'north' })
  const secret = { name: 's', secrets: { password: 'canary' } }
  t.false('secrets' in (await call('POST', '/v1/secret', secret, weak)).body)
  for (const url of ['/v1/secret', '/v1/secret/s'])
    t.false((await call('GET', url, undefined, weak)).text.includes('canary'), url)
  const { body } = await call('GET', '/v1/secret/s', undefined, weak)
  t.like(await call('PUT', '/v1/secret/s', body, weak), { status: 400 })
  t.is((await call('GET', '/v1/secret/s', undefined, admin)).body.secrets.password, 'canary')
  t.is((await call('PUT', '/v1/secret/s', { name: 's', secrets: { password: 'new' } }, weak)).status, 201)
  t.is((await call('GET', '/v1/secret', undefined, admin)).body[0].secrets.password, 'new')
})
