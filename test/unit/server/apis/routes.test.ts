/** APIs as stored resources; each test of a defect of the original says which one it was. */
import test from 'ava'
import { createTestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const url = '/v1/api'
const api = (fields: object = {}) => ({ name: 'a', function: 'f', enabled: true, uris: ['/x'], ...fields })
const other = { 'x-dispatch-org': 'other' }

test('an API is created, READY, updated, READY, deleted, and gone', async t => {
  const { call, reach } = await createTestApp(t)
  const created = await call('POST', url, api())
  t.like(created, { status: 200, body: { kind: 'API', status: 'CREATING' } })
  await reach(`${url}/a`, 'READY')
  const tags = [{ key: 'role', value: 'test' }]
  const everything = { authentication: 'basic', cors: true, tls: 'cert', hosts: ['h'], methods: ['get'], tags }
  const updated = await call('PUT', `${url}/a`, api({ ...everything, function: 'g', protocols: ['https'] }))
  const { id } = created.body
  const shown = { ...everything, id, kind: 'API', name: 'a', function: 'g', enabled: true, methods: ['GET'] }
  const expected = { ...shown, protocols: ['https'], uris: ['/x'] }
  t.is(updated.status, 200)
  t.deepEqual(updated.body, { ...expected, status: 'UPDATING' })
  t.deepEqual((await reach(`${url}/a`, 'READY')).body, { ...expected, status: 'READY' })
  t.like(await call('DELETE', `${url}/a`), { status: 200, body: { status: 'DELETING', id } })
  t.is((await call('GET', `${url}/a`)).status, 404)
})

test('what is off, empty or unsaid is left out, lists are null, and the status is always there', async t => {
  const { call, reach } = await createTestApp(t)
  const { body } = await call('POST', url, { name: 'a', function: '', authentication: '', cors: false, hosts: [] })
  const lists = { hosts: null, methods: null, protocols: null, tags: null, uris: null }
  const shown = { function: '', id: body.id, kind: 'API', name: 'a', ...lists }
  t.deepEqual(body, { ...shown, status: 'CREATING' })
  t.deepEqual((await reach(`${url}/a`, 'READY')).body, { ...shown, status: 'READY' })
})

test('what cannot be: a taken name, a missing one, each in the words of clients', async t => {
  const { call } = await createTestApp(t)
  await call('POST', url, api())
  t.like(await call('POST', url, api()), { status: 409, body: { code: 409, message: 'API a already exists' } })
  for (const [method, body] of [['GET'], ['PUT', api({ name: 'nope' })], ['DELETE']] as const) {
    const answer = await call(method, `${url}/nope`, body)
    t.like(answer, { status: 404, body: { code: 404, message: 'API nope not found' } })
  }
})

test('defect "the name of a PUT’s body is a 500": it is refused as the fault of the caller', async t => {
  const { call } = await createTestApp(t)
  await call('POST', url, api())
  t.like(await call('PUT', `${url}/a`, api({ name: 'b' })), { status: 400, body: { code: 400 } })
})

test('defect "prefix added again on PUT": what a client got can be sent back as it is', async t => {
  const { call, reach } = await createTestApp(t)
  await call('POST', url, api({ uris: ['/x', 'y'] }))
  const { body } = await reach(`${url}/a`, 'READY')
  t.deepEqual(body.uris, ['/dispatch/x', '/dispatch/y'])
  t.is((await call('PUT', `${url}/a`, body)).status, 200)
  t.deepEqual((await reach(`${url}/a`, 'READY')).body, body)
})

test('defect "a deleted API stays until the next change": it is out of sight with the answer, and its name is free', async t => {
  const { call, store } = await createTestApp(t)
  await call('POST', url, api())
  await call('DELETE', `${url}/a`)
  t.deepEqual((await call('GET', url)).body, [])
  t.true([200, 404].includes((await call('DELETE', `${url}/a`)).status))
  t.is((await call('POST', url, api({ function: 'g' }))).status, 200)
  t.is((await call('DELETE', `${url}/a`)).status, 200)
  await until('it is cleared away', async () => (await store.collection('API').list()).length === 0)
})

test('what is being deleted is out of sight while it is there, cannot be brought back, and may be deleted again', async t => {
  const { app, call, reach } = await createTestApp(t)
  await call('POST', url, api())
  await reach(`${url}/a`, 'READY')
  await app.drain()
  for (const _ of [1, 2]) t.like(await call('DELETE', `${url}/a`), { status: 200, body: { status: 'DELETING' } })
  t.deepEqual((await call('GET', url)).body, [])
  t.is((await call('GET', `${url}/a`)).status, 404)
  t.is((await call('PUT', `${url}/a`, api())).status, 404)
})

test('defect "duplicate routes in random order": both are stored, and listed by their names', async t => {
  const { call } = await createTestApp(t)
  for (const name of ['c', 'a', 'b']) t.is((await call('POST', url, api({ name }))).status, 200)
  t.deepEqual(
    (await call('GET', url)).body.map((each: { name: string }) => each.name),
    ['a', 'b', 'c'],
  )
})

test('defect "filters silently ignored": by function and by tags', async t => {
  const { call } = await createTestApp(t)
  await call('POST', url, api({ tags: [{ key: 'role', value: 'test' }] }))
  await call('POST', url, api({ name: 'b', function: 'g', tags: [{ key: 'role', value: 'live' }] }))
  const names = async (query: string) =>
    (await call('GET', url + query)).body.map((each: { name: string }) => each.name)
  t.deepEqual(await names('?function=g'), ['b'])
  t.deepEqual(await names('?function='), ['a', 'b'])
  t.deepEqual(await names('?tags=role'), ['a', 'b'])
  t.deepEqual(await names('?tags=role%3Dlive&function=g'), ['b'])
  t.deepEqual(await names('?tags=role%3Dlive&function=f'), [])
})

test('defect "other organizations included, equal names hide one another": each has its own', async t => {
  const { call } = await createTestApp(t)
  await call('POST', url, api())
  t.deepEqual((await call('GET', url, undefined, other)).body, [])
  t.is((await call('PUT', `${url}/a`, api(), other)).status, 404)
  t.is((await call('DELETE', `${url}/a`, undefined, other)).status, 404)
  t.deepEqual((await call('POST', url, api(), other)).body.uris, ['/other/x'])
  t.deepEqual((await call('GET', `${url}/a`)).body.uris, ['/dispatch/x'])
})

test('an API that a crash left pending is READY after the start', async t => {
  const first = await createTestApp(t, {}, { resyncMs: 3_600_000 })
  await first.call('POST', url, api())
  const { body } = await first.reach(`${url}/a`, 'READY')
  const apis = first.store.collection('API')
  const stored = await apis.get('dispatch', 'a')
  if (!stored) return t.fail()
  await first.app.drain()
  await apis.update({ ...stored, status: 'UPDATING' })
  const second = await createTestApp(t, {}, { store: first.store })
  t.deepEqual((await second.reach(`${url}/a`, 'READY')).body, body)
})

test('who may call and how often is kept, told as a whole, and left out where it is not said', async t => {
  const { call, reach } = await createTestApp(t)
  const oidc = { issuer: 'https://login.example/x', audience: 'shop' }
  await call(
    'POST',
    url,
    api({ authentication: 'oidc', oidc, authenticationSecret: 'users', rateLimit: { requests: 5 } }),
  )
  const { body } = await reach(`${url}/a`, 'READY')
  t.like(body, { oidc, authenticationSecret: 'users', rateLimit: { requests: 5, perSeconds: 1, burst: 5 } })
  t.deepEqual((await call('PUT', `${url}/a`, body)).body.rateLimit, body.rateLimit)
  const plain = await call('PUT', `${url}/a`, api({ authenticationSecret: '' }))
  for (const field of ['oidc', 'authenticationSecret', 'rateLimit']) t.false(field in plain.body, field)
  for (const fields of [
    ...[{ rateLimit: {} }, { rateLimit: { requests: 0 } }, { rateLimit: { requests: 1, burst: 0 } }],
    ...[
      { rateLimit: { requests: 1, perSeconds: 86_401 } },
      { oidc: { issuer: oidc.issuer } },
      { oidc: { ...oidc, audience: '' } },
    ],
  ])
    t.is((await call('PUT', `${url}/a`, api(fields))).status, 422, JSON.stringify(fields))
})
