/** Subscriptions through REST: what is refused, what is answered, and how they come, change and go. */
import test from 'ava'
import { loadCapture } from '../../../helpers/captures.ts'
import { answer } from '../../../helpers/fake-execution.ts'
import { createTestApp, seed, type TestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'
import { createGatedStore } from './gated-store.ts'

const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '{}')
const collection = '/v1/event/subscriptions'
const item = `${collection}/sub`
const body = (fields: object = {}) => ({ name: 'sub', eventType: 'my.event', function: 'fn', ...fields })

const createFunction = async ({ call }: TestApp): Promise<void> => {
  await call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
}

test('a subscription is being created, then READY, with times and tags', async t => {
  const app = await createTestApp(t)
  await createFunction(app)
  const tags = [{ key: 'role', value: 'test' }]
  const created = await app.call('POST', collection, body({ tags, secrets: ['s'] }))
  t.is(created.status, 201)
  const { createdTime, modifiedTime, ...fields } = created.body
  const expected = { ...body(), kind: 'Subscription', secrets: ['s'], status: 'CREATING', tags }
  t.deepEqual(fields, expected)
  t.true(Number.isSafeInteger(createdTime) && modifiedTime === createdTime)
  const ready = await app.reach(item, 'READY')
  t.is(ready.body.reason, undefined)
  t.deepEqual((await app.call('GET', collection)).body, [ready.body])
  t.is((await app.call('POST', collection, body())).status, 409)
  t.is((await app.call('POST', collection, body())).body.message, 'subscription sub already exists')
})

test('what a client fetched it can send back; a PUT replaces everything but name and times', async t => {
  const app = await createTestApp(t)
  await createFunction(app)
  await app.call('POST', collection, body({ secrets: ['s'], tags: [{ key: 'k', value: 'v' }] }))
  const { body: fetched } = await app.reach(item, 'READY')
  const same = await app.call('PUT', item, fetched)
  t.like(same, { status: 200, body: { status: 'UPDATING', secrets: ['s'], createdTime: fetched.createdTime } })
  await app.reach(item, 'READY')
  await app.call('PUT', item, body({ eventType: 'other', secrets: null }))
  t.like((await app.reach(item, 'READY')).body, { eventType: 'other', secrets: null, tags: null })
})

test('a subscription that is being updated or deleted is said to be so', async t => {
  const gate = createGatedStore('Function')
  const { call, reach } = await createTestApp(t, {}, { store: gate.store })
  gate.openAtEnd(t)
  await call('POST', collection, body())
  t.is((await call('PUT', item, body())).status, 200)
  t.like(await call('PUT', item, body()), {
    status: 400,
    body: { code: 400, message: 'Unable to update subscription sub: subscription is already being updated' },
  })
  t.is((await call('DELETE', item)).status, 200)
  t.like(await call('DELETE', item), {
    status: 400,
    body: { code: 400, message: 'Unable to delete subscription sub: subscription is already being deleted' },
  })
  t.is((await call('PUT', item, body())).status, 404)
  t.deepEqual((await call('GET', collection)).body, [])
  const event = { eventType: 'my.event', cloudEventsVersion: '0.1', source: 's', eventID: '1' }
  t.is((await call('POST', '/v1/event', event)).status, 200)
  const renewed = call('POST', collection, body({ eventType: 'new' }))
  await gate.openWhenAwaited()
  t.is((await renewed).status, 201)
  t.is((await reach(item, 'ERROR')).body.eventType, 'new')
})

test('a deleted subscription is gone at once, and its name is free', async t => {
  const { call, reach } = await createTestApp(t)
  await call('POST', collection, body())
  t.like(await call('DELETE', item), { status: 200, body: { name: 'sub', status: 'DELETING' } })
  t.deepEqual((await call('GET', collection)).body, [])
  t.like(await call('GET', item), { status: 404, body: { message: 'subscription sub not found' } })
  t.is((await call('POST', collection, body({ eventType: 'new' }))).status, 201)
  t.is((await reach(item, 'ERROR')).body.eventType, 'new')
  await call('DELETE', item)
  await until('it is removed', async () => (await call('DELETE', item)).status === 404)
})

test('defect "subscription: function not checked": without its function it says so, and is READY once there is one', async t => {
  const app = await createTestApp(t)
  await seed(app)
  await app.call('POST', collection, body())
  t.deepEqual((await app.reach(item, 'ERROR')).body.reason, ['function fn not found'])
  await createFunction(app)
  t.is((await app.reach(item, 'READY')).body.reason, undefined)
  await app.call('DELETE', '/v1/function/fn')
  await app.reach(item, 'ERROR')
})

test('a subscription is not READY for a function that goes, though a run still holds it', async t => {
  const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<typeof answer>>>()
  const app = await createTestApp(t, { fn: () => promise })
  t.teardown(async () => resolve(await answer('1')))
  await seed(app)
  await createFunction(app)
  await app.reach('/v1/function/fn', 'READY')
  await app.call('POST', '/v1/runs?functionName=fn', {})
  await until('the run is under way', async () => app.execution.invocations.length === 1)
  await app.call('POST', collection, body())
  await app.reach(item, 'READY')
  await app.call('DELETE', '/v1/function/fn')
  t.deepEqual((await app.reach(item, 'ERROR')).body.reason, ['function fn not found'])
  t.is((await app.store.collection('Function').get('dispatch', 'fn'))?.status, 'DELETING')
})

test('defect "lists hold entities of every organization": each sees its own only', async t => {
  const { call } = await createTestApp(t)
  const other = { 'x-dispatch-org': 'other' }
  await call('POST', collection, body())
  t.deepEqual((await call('GET', collection, undefined, other)).body, [])
  t.is((await call('GET', item, undefined, other)).status, 404)
  t.is((await call('POST', collection, body(), other)).status, 201)
})

test('defect "filters are ignored": a list is narrowed to tags', async t => {
  const { call } = await createTestApp(t)
  await call('POST', collection, body({ tags: [{ key: 'a', value: '1' }] }))
  await call('POST', collection, body({ name: 'plain' }))
  const named = async (query: string) => (await call('GET', `${collection}?${query}`)).body.map(({ name = '' }) => name)
  t.deepEqual(await named('tags=a'), ['sub'])
  t.deepEqual(await named('tags=a&tags=a=1'), ['sub'])
  t.deepEqual(await named('tags=a=2'), [])
})

test('defect "PUT with another name is a server error": it is the caller\'s', async t => {
  const { call } = await createTestApp(t)
  await call('POST', collection, body())
  t.like(await call('PUT', item, body({ name: 'else' })), { status: 400, body: { code: 400 } })
  t.is((await call('PUT', `${collection}/none`, body({ name: 'none' }))).status, 404)
})
