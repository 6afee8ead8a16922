/** When deliveries are tried: whatever the clock says after a restart, and however long a pause is. */
import test from 'ava'
import type { Outcome } from '../../../../server/core/execution.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import { createClock } from '../../../../server/system.ts'
import { loadCapture } from '../../../helpers/captures.ts'
import { createTestApp, seed, type TestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '{}')
const event = { eventType: 'my.event', cloudEventsVersion: '0.1', source: 'here', eventID: '1' }
const day = 86_400
const failed: Outcome = {
  ok: false,
  error: { type: 'FunctionError', message: 'boom', stacktrace: null },
  logs: { stdout: null, stderr: null },
}

const subscribe = ({ call }: TestApp, fields: object = {}) =>
  call('POST', '/v1/event/subscriptions', { name: 'sub', eventType: 'my.event', function: 'fn', ...fields })

test('what waits when the clock is set back by a year is delivered all the same', async t => {
  const store = createMemoryStore()
  const app = await createTestApp(t, {}, { store })
  await seed(app)
  await subscribe(app)
  await app.call('POST', '/v1/event', event)
  await app.app.drain()
  const wallMs = () => Date.now() - 365 * day * 1000
  const clock = createClock({ wallMs, monotonicNs: () => process.hrtime.bigint() })
  const next = await createTestApp(t, {}, { store, clock })
  await next.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  t.true(await until('none waits', async () => (await store.events.totals()).waiting === 0))
  t.is(next.execution.invocations.length, 1)
})

test('what comes after the clock was set back by a year is newer than what came before', async t => {
  const store = createMemoryStore()
  const inAYear = (Date.now() + 365 * day * 1000).toString(16).padStart(12, '0')
  const id = `${inAYear.slice(0, 8)}-${inAYear.slice(8)}-7fff-8000-000000000000`
  const body = JSON.stringify({ ...event, eventID: '0', eventTime: '0001-01-01T00:00:00.000Z', data: null })
  const before = { id, org: 'dispatch', type: 'my.event', emittedNs: 1n, body, receivers: [] }
  await store.events.put([before])
  const { call } = await createTestApp(t, {}, { store })
  for (const eventID of ['1', '2']) await call('POST', '/v1/event', { ...event, eventID })
  const listed: { event: { eventID: string } }[] = (await call('GET', '/v1/event/emissions')).body
  t.deepEqual(
    listed.map(({ event: { eventID } }) => eventID),
    ['2', '1', '0'],
  )
})

test('a pause that is longer than any timer is waited for without looking again and again', async t => {
  const memory = createMemoryStore()
  let reads = 0
  const waiting: typeof memory.events.waiting = (...asked) => {
    reads += 1
    return memory.events.waiting(...asked)
  }
  const store = { ...memory, events: { ...memory.events, waiting } }
  const app = await createTestApp(t, { fn: () => failed }, { store })
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  await subscribe(app, { retry: { tries: 2, withinSeconds: 30 * day } })
  await app.call('POST', '/v1/event', event)
  const { body } = await app.call('GET', '/v1/event/emissions')
  await until('one try', async () => (await store.events.deliveries(body[0].id))[0]?.tries === 1)
  for (let asked = 0; asked < 100; asked += 1) await app.call('GET', '/v1/event/emissions')
  t.true(reads < 10, `${reads} reads`)
})
