/** Drivers of the built-in types `cron` and `ticker`: what they emit and when, across restarts, crashes and full disks. */
import test, { type ExecutionContext } from 'ava'
import { dispatchError } from '../../../../server/core/errors.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { Store } from '../../../../server/store/port.ts'
import { createFakeWall } from '../../../helpers/fake-wall.ts'
import { createTestApp, driverOptions } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const drivers = '/v1/event/drivers'
const item = `${drivers}/beat`
const body = (type: string, config: Record<string, string>) => ({
  name: 'beat',
  type,
  config: Object.entries(config).map(([key, value]) => ({ key, value })),
})
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const startMs = Date.parse('2026-05-01T10:20:00Z')

async function createStage(
  t: ExecutionContext,
  { wall = createFakeWall(startMs), store = createMemoryStore() as Store } = {},
) {
  const server = await createTestApp(t, {}, { drivers: { ...driverOptions, wall }, store })
  const events = async () =>
    (await store.events.list({ org: 'dispatch', limit: 1000 })).reverse().map(event => JSON.parse(event.body))
  const times = async (): Promise<string> => (await events()).map(({ eventTime }) => eventTime.slice(11, 16)).join()
  /** In steps as long as a look lasts, each with what it brings. */
  const pass = async (ms: number, wanted: string): Promise<void> => {
    wall.pass(ms)
    await until(`events are ${wanted}`, async () => {
      wall.pass(0)
      return (await times()) === wanted
    })
    t.is(await times(), wanted)
  }
  /** What has been begun is on disk. */
  const begin = async (sent: object): Promise<void> => {
    await server.call('POST', drivers, sent)
    const { id } = (await store.collection('Driver').get('dispatch', 'beat')) ?? { id: '' }
    await until('it has begun', async () => (await store.events.mark(id)) !== undefined)
  }
  return { ...server, wall, store, events, times, pass, begin }
}

test('both types are shown as built in, with their settings', async t => {
  const { call } = await createStage(t)
  const found = (await call('GET', '/v1/event/drivertypes?builtIn=true')).body
  t.deepEqual(
    found.map(({ name, image }: Record<string, string>) => `${name} ${image}`),
    ['cron built in', 'ticker built in'],
  )
  t.deepEqual(found[0].config, [
    { key: 'timezone', value: 'UTC' },
    { key: 'catch-up', value: 'last' },
    { key: 'event-type', value: 'cron.fired' },
  ])
})

test('cron emits an event at each of its times, with its data, and says when the next one comes', async t => {
  const { call, reach, events, pass, begin } = await createStage(t)
  const data = '{"n": 12345678901234567890}'
  await begin(body('cron', { cron: '30 12 * * *', timezone: 'Europe/Berlin', 'event-type': 'lunch', data }))
  t.is((await reach(item, 'READY')).body.nextRun, startMs / 1000 + 600)
  await pass(600_000, '10:30')
  const [event] = await events()
  t.like(event, {
    eventType: 'lunch',
    source: 'beat',
    eventTime: '2026-05-01T10:30:00.000Z',
    contentType: 'application/json',
  })
  t.regex(event.eventID, /^[0-9a-f-]{36}\/2026-05-01T10:30:00.000Z$/)
  t.is((await call('GET', item)).body.nextRun, startMs / 1000 + 600 + dayMs / 1000)
  await pass(40 * dayMs, '10:30,10:30')
})

test('numbers of its data keep their digits', async t => {
  const { store, pass, begin } = await createStage(t)
  await begin(body('cron', { cron: '@hourly', data: '{"n": 12345678901234567890}' }))
  await pass(hourMs, '11:00')
  t.regex(
    (await store.events.list({ org: 'dispatch', limit: 1 }))[0]?.body ?? '',
    /"data":\{"n":12345678901234567890\}/,
  )
})

test('what was missed while the server was down is caught up on as the driver says', async t => {
  for (const [catchUp, wanted] of Object.entries({
    none: '11:00',
    last: '11:00,14:00',
    all: '11:00,12:00,13:00,14:00',
  })) {
    const before = await createStage(t)
    await before.begin(body('cron', { cron: '@hourly', 'catch-up': catchUp }))
    await before.pass((2 * hourMs) / 3, '11:00')
    await before.app.drain()
    before.wall.pass(3.5 * hourMs)
    const { pass } = await createStage(t, before)
    await pass(0, wanted)
    await pass(hourMs / 2, `${wanted},15:00`)
  }
})

test('a crash between an event and what comes after it repeats nothing', async t => {
  const before = await createStage(t)
  await before.begin(body('cron', { cron: '@hourly', 'catch-up': 'all' }))
  await before.pass(hourMs, '11:00')
  // The former server is not stopped, it is never heard of again: its clock stands still.
  const after = await createStage(t, { store: before.store, wall: createFakeWall(startMs + hourMs) })
  await after.pass(hourMs, '11:00,12:00')
})

test('a clock that is set ahead counts as time that was missed; one that is set back a little repeats nothing', async t => {
  const { wall, pass, begin } = await createStage(t)
  await begin(body('cron', { cron: '@hourly' }))
  wall.set(startMs + 5 * hourMs)
  await pass(30_000, '15:00')
  wall.set(startMs + 3.5 * hourMs)
  await pass(30_000, '15:00')
  wall.set(startMs + 5.7 * hourMs)
  await pass(30_000, '15:00,16:00')
})

test('another schedule begins anew; other settings do not', async t => {
  const { call, wall, pass, begin } = await createStage(t)
  await begin(body('cron', { cron: '@hourly', 'catch-up': 'all' }))
  await call('PUT', item, body('cron', { cron: '@hourly', 'catch-up': 'all', data: '1' }))
  wall.set(startMs + 2 * hourMs)
  await pass(30_000, '11:00,12:00')
  await call('PUT', item, body('cron', { cron: '50 * * * *', 'catch-up': 'all' }))
  await until('it has begun anew', async () => (await call('GET', item)).body.nextRun === startMs / 1000 + 9000)
  await pass(hourMs, '11:00,12:00,12:50')
})

test('settings that cannot be are told with an example', async t => {
  const { call, reach, events } = await createStage(t)
  const wanted: [string, Record<string, string>, RegExp][] = [
    [
      'cron',
      { cron: '0 25 * * *' },
      /^cron is "0 25 \* \* \*", which is no schedule: Invalid value for hour: 25; write for/,
    ],
    ['cron', { cron: '@hourly', timezone: 'Berlin' }, /^timezone is "Berlin", which is none; write for example Europe/],
    ['cron', { cron: '@hourly', 'catch-up': 'some' }, /^catch-up is "some": it must be none, last, all$/],
    ['cron', { cron: '@hourly', 'event-type': 'a b' }, /^event-type is "a b": up to 128 letters/],
    ['cron', { cron: '@hourly', data: '{' }, /^data is no JSON: .*; a text has quotes: "hello"$/],
    ['cron', { every: '5s' }, /^there is no setting every: there are cron, timezone/],
    ['ticker', { seconds: '0' }, /^seconds is "0": write a whole number such as 60$/],
  ]
  for (const [type, config, message] of wanted) {
    await call('POST', drivers, body(type, config))
    const { reason, nextRun } = (await reach(item, 'ERROR')).body
    t.regex(reason[0], message)
    t.is(nextRun, undefined)
    await call('DELETE', item)
  }
  await call('POST', drivers, body('cron', {}))
  t.regex((await reach(item, 'ERROR')).body.reason[0], /^cron is "", which is no schedule/)
  t.deepEqual(await events(), [])
})

test('a ticker ticks without data, says where from, and only notes it when it is told so', async t => {
  const { call, events, times, pass, begin } = await createStage(t)
  await begin(body('ticker', { seconds: '600', source: 'clock', debug: '' }))
  await pass(600_000, '10:30')
  t.like((await events())[0], { eventType: 'ticker.tick', source: 'clock', data: null })
  await call('PUT', item, body('ticker', { seconds: '600', dryrun: '' }))
  await until('it has begun anew', async () => (await call('GET', item)).body.status === 'READY')
  await pass(600_000, '10:30')
  await call('PUT', item, body('ticker', { seconds: '600', dryrun: 'false' }))
  await until('it has begun anew', async () => (await call('GET', item)).body.status === 'READY')
  await pass(600_000, '10:30,10:50')
  t.is(await times(), '10:30,10:50')
})

test('what cannot be stored is told, and emitted when there is room again', async t => {
  const store = createMemoryStore()
  let isFull = false
  const put: Store['events']['put'] = async (added, mark) => {
    if (isFull) throw dispatchError('DISK_FULL', { kind: 'event', name: '1' })
    await store.events.put(added, mark)
  }
  const full: Store = { ...store, events: { ...store.events, put } }
  const { wall, call, reach, pass, begin } = await createStage(t, { store: full })
  await begin(body('cron', { cron: '@hourly' }))
  isFull = true
  wall.pass(hourMs)
  t.regex((await reach(item, 'ERROR')).body.reason[0], /^its events cannot be emitted: .*; it is tried again$/)
  isFull = false
  await pass(10_000, '11:00')
  await reach(item, 'READY')
  t.is((await call('GET', item)).body.reason, null)
})

test('what a driver remembers goes with it', async t => {
  const { call, store, begin } = await createStage(t)
  await begin(body('cron', { cron: '@hourly' }))
  const { id } = (await store.collection('Driver').get('dispatch', 'beat')) ?? { id: '' }
  await call('DELETE', item)
  await until('it is forgotten', async () => (await store.events.mark(id)) === undefined)
  t.is((await call('GET', item)).status, 404)
})
