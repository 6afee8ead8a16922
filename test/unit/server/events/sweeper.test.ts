/** What retention of events removes, and what it never does. */
import test from 'ava'
import { pino } from 'pino'
import type { RetentionLimits } from '../../../../server/core/sweeping.ts'
import { createEventSweeper } from '../../../../server/events/sweeper.ts'
import type { EventStore, NewEvent } from '../../../../server/store/event-port.ts'
import { createMemoryEvents } from '../../../../server/store/memory-events.ts'
import { until } from '../../../helpers/wait.ts'

const dayMs = 24 * 3_600_000
const dayNs = BigInt(dayMs) * 1_000_000n
const nowNs = 1_790_000_000_000_000_000n
const days = 600

/** `d0` is of today, `d1` of yesterday. */
const event = (day: number, fields: Partial<NewEvent> = {}): NewEvent => ({
  id: `01a20d76-6e31-7${String(days - day).padStart(3, '0')}-a2b7-4c460a224a6e`,
  org: 'o',
  type: 't',
  emittedNs: nowNs - BigInt(day) * dayNs,
  body: `d${day}`,
  receivers: [],
  ...fields,
})

/** One event a day, after one sweep. */
async function sweep(
  retention: RetentionLimits,
  options: { waiting?: number[]; maxWaiting?: number; clockNs?: bigint } = {},
) {
  const { waiting = [], maxWaiting = 1000, clockNs = nowNs } = options
  const events = createMemoryEvents()
  const receivers = [{ subscriptionId: 's', subscription: 's' }]
  for (let day = 0; day < days; day += 1) await events.put([event(day, waiting.includes(day) ? { receivers } : {})])
  await events.put([event(0, { org: 'p', id: 'p0', body: 'p0' })])
  const swept = Promise.withResolvers<void>()
  const nextOrg: EventStore['nextOrg'] = async after => {
    const org = await events.nextOrg(after)
    if (org === undefined) swept.resolve()
    return org
  }
  const clock = { nowNs: () => clockNs }
  const log = pino({ level: 'silent' })
  const common = { resync: async () => undefined, clock, log, retention, maxWaiting, periodMs: 60_000 }
  const sweeper = createEventSweeper({ ...common, events: { ...events, nextOrg } })
  sweeper.start()
  await swept.promise
  await sweeper.stop()
  const left = await events.list({ org: 'o', limit: 1000 })
  const backlog = await events.backlog('s')
  return { bodies: left.map(({ body }) => body), backlog, others: await events.list({ org: 'p', limit: 9 }) }
}

test('by count the newest of each organization stay', async t => {
  const { bodies, others } = await sweep({ ageMs: 0, count: 300 })
  t.deepEqual([bodies.length, bodies[0], bodies.at(-1)], [300, 'd0', 'd299'])
  t.is(others.length, 1)
})

test('by age what is younger stays, and the stricter of both limits counts', async t => {
  t.is((await sweep({ ageMs: 400 * dayMs, count: 0 })).bodies.at(-1), 'd400')
  t.is((await sweep({ ageMs: 400 * dayMs, count: 200 })).bodies.at(-1), 'd199')
  t.is((await sweep({ ageMs: 200 * dayMs, count: 400 })).bodies.at(-1), 'd200')
})

test('what a subscription waits for stays, however old, and holds up nothing behind it', async t => {
  const waiting = [599, ...Array.from({ length: 280 }, (_, index) => 300 + index)]
  const { bodies } = await sweep({ ageMs: 100 * dayMs, count: 0 }, { waiting })
  t.is(bodies.length, 101 + waiting.length)
  t.deepEqual(bodies.slice(-2), ['d579', 'd599'])
})

test('more than may wait is given up, the oldest first, and goes by age then as all others', async t => {
  const waiting = Array.from({ length: 600 }, (_, index) => index)
  const { bodies, backlog } = await sweep({ ageMs: 400 * dayMs, count: 0 }, { waiting, maxWaiting: 300 })
  t.deepEqual(backlog, { waiting: 300, dead: 101 })
  t.is(bodies.at(-1), 'd400')
})

test('a clock that is far ahead leaves the newest hundred', async t => {
  const { bodies } = await sweep({ ageMs: 30 * dayMs, count: 0 }, { clockNs: nowNs + 100_000n * dayNs })
  t.deepEqual([bodies.length, bodies.at(-1)], [100, 'd99'])
})

test('rounds go on, also after one that failed', async t => {
  const events = createMemoryEvents()
  let rounds = 0
  const resync = async () => {
    rounds += 1
    if (rounds === 1) throw new Error('away')
  }
  const log = pino({ level: 'silent' })
  const retention = { ageMs: 0, count: 0 }
  const limits = { retention, maxWaiting: 9, periodMs: 1 }
  const sweeper = createEventSweeper({ events, resync, clock: { nowNs: () => nowNs }, log, ...limits })
  sweeper.start()
  await until('three rounds', async () => rounds >= 3)
  await sweeper.stop()
  t.pass()
})
