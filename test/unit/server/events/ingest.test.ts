/** Ingesting: a driver's token stands for its organization, and is replaced with each update of the driver. */
import test, { type ExecutionContext } from 'ava'
import type { Driver } from '../../../../server/events/driver-schema.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { Store } from '../../../../server/store/port.ts'
import { createTestApp } from '../../../helpers/test-app.ts'

const event = (fields: object = {}) => ({
  eventType: 'ticker.tick',
  cloudEventsVersion: '0.1',
  source: 'ticker',
  eventID: '1',
  ...fields,
})
const echo = (fields: object = {}) => ({ ...event(fields), eventTime: '0001-01-01T00:00:00.000Z', data: null })
const driver = { name: 'tick', type: 'ticker' }
/** As drivers send: without an organization. */
const headers = { cookie: 'unset', 'x-dispatch-org': '' }

/** A store that counts how often the subscriptions are listed. */
function createCountingStore() {
  const store = createMemoryStore()
  let count = 0
  const collection: Store['collection'] = kind => {
    const entities = store.collection<never>(kind)
    if (kind !== 'Subscription') return entities
    return { ...entities, list: org => entities.list(org).finally(() => (count += 1)) }
  }
  return { store: { ...store, collection }, lists: () => count }
}

async function createStage(t: ExecutionContext) {
  const { store, lists } = createCountingStore()
  const app = await createTestApp(t, {}, { store })
  await app.call('POST', '/v1/event/drivertypes', { name: 'ticker', image: 'me/ticker:1' })
  await app.call('POST', '/v1/event/drivers', driver)
  const tokenOf = async () => (await app.store.collection<Driver>('Driver').get('dispatch', 'tick'))?.token ?? ''
  const ingest = (token: string, body: unknown, more = {}) =>
    app.call('POST', `/v1/event/ingest${token && `?authToken=${token}`}`, body, { ...headers, ...more })
  return { ...app, tokenOf, ingest, lists }
}

test("a driver's event is echoed, with its token and without an organization", async t => {
  const { ingest, tokenOf } = await createStage(t)
  t.like(await ingest(await tokenOf(), event()), { status: 200, body: echo() })
})

test('credentials, then what the event lacks, then the token, then what the event says', async t => {
  const { ingest, tokenOf } = await createStage(t)
  t.is((await ingest('', {}, { cookie: '' })).status, 401)
  t.is((await ingest('', {})).body.message, 'cloudEventsVersion in body is required')
  t.like(await ingest('', event()), { status: 422, body: { code: 602, message: 'authToken in query is required' } })
  t.like(await ingest('x', event({ eventID: '' })), {
    status: 401,
    body: { code: 401, message: 'token not recognized' },
  })
  t.is((await ingest(await tokenOf(), event({ eventID: '' }))).status, 400)
})

test('defect "no batch": a list of events is taken as a whole, numbers to the letter', async t => {
  const { ingest, tokenOf } = await createStage(t)
  const token = await tokenOf()
  t.like(await ingest(token, [event(), event({ eventID: '2' })]), {
    status: 200,
    body: [echo(), echo({ eventID: '2' })],
  })
  t.deepEqual((await ingest(token, [])).body, [])
  t.is((await ingest(token, [event(), {}])).body.message, 'cloudEventsVersion in body is required')
  t.is((await ingest(token, [event(), 1])).status, 400)
  const exact = `[{"eventID":"0",${JSON.stringify(event()).slice(1, -1)},"data":12345678901234567890}]`
  t.true((await ingest(token, exact)).text.includes('"data":12345678901234567890'))
})

test('a list is looked at against the subscriptions once, and is not longer than 1000 events', async t => {
  const { ingest, tokenOf, lists } = await createStage(t)
  const token = await tokenOf()
  const events = (count: number) => Array.from({ length: count }, (_, index) => event({ eventID: `${index}` }))
  const before = lists()
  t.is((await ingest(token, events(1000))).body.length, 1000)
  t.is(lists(), before + 1)
  t.like(await ingest(token, events(1001)), {
    status: 422,
    body: { code: 611, message: 'body in body should have at most 1000 items' },
  })
})

test('defect "the token travels in the URL": the Authorization header is taken too', async t => {
  const { ingest, tokenOf } = await createStage(t)
  t.is((await ingest('', event(), { authorization: `Bearer ${await tokenOf()}` })).status, 200)
  t.is((await ingest('', event(), { authorization: 'Bearer x' })).status, 401)
})

test('defect "the token is permanent": an update replaces it, a deletion ends it; nobody reads it', async t => {
  const { call, ingest, tokenOf } = await createStage(t)
  const first = await tokenOf()
  await call('PUT', '/v1/event/drivers/tick', driver)
  const second = await tokenOf()
  t.is((await ingest(first, event())).status, 401)
  t.is((await ingest(second, event())).status, 200)
  t.false((await call('GET', '/v1/event/drivers')).text.includes(second))
  await call('DELETE', '/v1/event/drivers/tick')
  t.is((await ingest(second, event())).status, 401)
})

test("an event reaches the subscriptions of the driver's organization, and of no other", async t => {
  const { call, ingest, tokenOf, store } = await createStage(t)
  const subscription = { name: 'sub', eventType: 'ticker.tick', function: 'fn' }
  await call('POST', '/v1/event/subscriptions', subscription, { 'x-dispatch-org': 'other' })
  t.is((await ingest(await tokenOf(), event())).status, 200)
  t.is((await store.events.totals()).waiting, 0)
  await call('POST', '/v1/event/subscriptions', subscription)
  t.is((await ingest(await tokenOf(), event())).status, 200)
  t.is((await store.events.totals()).waiting, 1)
  t.deepEqual(await store.events.list({ org: 'other', limit: 9 }), [])
})
