/** One try to deliver an event: what counts as a try, what only waits, and what is never done twice. */
import test from 'ava'
import { pino } from 'pino'
import { busyError, dispatchError } from '../../../../server/core/errors.ts'
import type { Call, CallEnd } from '../../../../server/core/ports.ts'
import { createDeliver } from '../../../../server/events/deliver.ts'
import type { Subscription } from '../../../../server/events/schema.ts'
import { createEventTally } from '../../../../server/events/tally.ts'
import type { EventStore } from '../../../../server/store/event-port.ts'
import { createMemoryEvents } from '../../../../server/store/memory-events.ts'
import { until } from '../../../helpers/wait.ts'

const nowNs = 1_790_000_000_000_000_000n
const nowMs = 1_790_000_000_000
const eventId = '01a20d76-6e31-7986-b2b7-4c460a224a6e'
const subscription: Subscription = {
  ...{ id: 's', org: 'o', name: 'sub', revision: 1, status: 'READY', reason: null, tags: null },
  ...{ createdTimeSeconds: 0, modifiedTimeSeconds: 0, eventType: 'a', functionName: 'f', secrets: [] },
}
const silent = { stdout: null, stderr: null }
const ok: CallEnd = { runName: 'r', outcome: { ok: true, outputJson: '1', logs: silent } }
const full = () => dispatchError('DISK_FULL', { kind: 'event', name: eventId })

/** One event waits; `end` is what comes of a call. */
async function createStage(end: (call: Call) => Promise<CallEnd>, isStopping = () => false) {
  const stored = createMemoryEvents()
  const receivers = [{ subscriptionId: 's', subscription: 'sub' }]
  await stored.put([
    { id: eventId, org: 'o', type: 'a', emittedNs: nowNs, body: '{"eventType":"a","data":1.0}', receivers },
  ])
  const events: EventStore = { ...stored }
  const tally = createEventTally()
  const calls: Call[] = []
  let ends = 0
  const onEnded = () => {
    ends += 1
  }
  const call = (made: Call) => {
    calls.push(made)
    return end(made)
  }
  const log = pino({ level: 'silent' })
  const deliver = createDeliver({ events, invoker: { call }, clock: { nowNs: () => nowNs }, log, tally, isStopping })
  return {
    events,
    calls,
    tally,
    ended: () => ends,
    attempt: (tries = 0) => deliver(subscription, { eventId, tries, dueMs: nowMs }, onEnded),
    reached: async () => (await stored.deliveries(eventId))[0],
  }
}

const waits = [
  dispatchError('NOT_FOUND', { kind: 'function', name: 'f' }),
  dispatchError('NOT_READY', { name: 'f' }),
  dispatchError('DRAINING', {}),
  full(),
]
for (const error of waits)
  test(`${error.entry} holds the delivery and uses up no try`, async t => {
    const { attempt, reached, ended } = await createStage(() => Promise.reject(error))
    t.deepEqual(await attempt(), { end: 'held', reason: error.message, pauseMs: undefined })
    t.like(await reached(), { state: 'waiting', tries: 0, run: null })
    t.is(ended(), 0)
  })

test('an engine without room is asked again when it said', async t => {
  const { attempt } = await createStage(() => Promise.reject(busyError('100 calls wait already', 3)))
  t.like(await attempt(), { end: 'held', pauseMs: 3000 })
})

test('a defect of ours counts as a try, so that one event cannot hold up all others for ever', async t => {
  const { attempt, reached, tally } = await createStage(() => Promise.reject(new Error('defect')))
  t.deepEqual(await attempt(), { end: 'later', dueMs: nowMs + 15_000 })
  t.like(await reached(), { state: 'waiting', tries: 1, run: null, reason: 'SystemError: defect' })
  t.deepEqual(await attempt(4), { end: 'over' })
  t.like(await reached(), { state: 'dead', tries: 5 })
  t.deepEqual(tally.read().tries, { delivered: 0, failed: 1, dead: 1 })
})

test('a run whose end finds no room on the disk is not run again: its end is kept until there is room', async t => {
  const stage = await createStage(async () => ok)
  const { settle } = stage.events
  let failures = 1
  stage.events.settle = async (key, progress) => {
    failures -= 1
    if (failures >= 0) throw full()
    return settle(key, progress)
  }
  const attempted = stage.attempt()
  await until('it is recorded', async () => (await stage.reached())?.state === 'delivered')
  t.deepEqual(await attempted, { end: 'over' })
  t.like(await stage.reached(), { tries: 1, run: 'r' })
  t.deepEqual([stage.calls.length, stage.ended()], [1, 1])
})

test('a server that stops does not wait for room: the event is delivered again after the next start', async t => {
  const stage = await createStage(
    async () => ok,
    () => true,
  )
  stage.events.settle = () => Promise.reject(full())
  await t.throwsAsync(stage.attempt(), { message: /disk is full/ })
  t.like(await stage.reached(), { state: 'waiting', tries: 0 })
})

test('the input is the data to the letter, and the event comes without them', async t => {
  const { attempt, calls } = await createStage(async () => ok)
  await attempt()
  t.deepEqual(calls, [{ org: 'o', functionName: 'f', inputJson: '1.0', event: { eventType: 'a', data: null } }])
})
