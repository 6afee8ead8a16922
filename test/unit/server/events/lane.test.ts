/** The lane of a subscription: everything that waits has its turn, once at a time, few at once, and never too early. */
import test from 'ava'
import fc from 'fast-check'
import { type Attempt, createLane } from '../../../../server/events/lane.ts'
import type { WaitingDelivery } from '../../../../server/store/event-port.ts'
import { until } from '../../../helpers/wait.ts'

const nowMs = () => Date.now()
const clock = { nowNs: () => BigInt(nowMs()) * 1_000_000n }
const immediate = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** A disk with what waits; `end` says what comes of a try. */
function createStage(end: (delivery: WaitingDelivery) => Promise<Attempt>) {
  const waiting = new Map<string, WaitingDelivery>()
  const underWay = new Set<string>()
  const tried: string[] = []
  const faults: string[] = []
  let most = 0
  const lane = createLane({
    clock,
    onError: thrown => faults.push(String(thrown)),
    read: async limit => [...waiting.values()].sort((a, b) => a.dueMs - b.dueMs).slice(0, limit),
    attempt: async (delivery, onEnded) => {
      if (underWay.has(delivery.eventId)) faults.push(`${delivery.eventId} is under way twice`)
      if (delivery.tries > 0 && delivery.dueMs > nowMs()) faults.push(`${delivery.eventId} is too early`)
      underWay.add(delivery.eventId)
      most = Math.max(most, underWay.size)
      const ended = await end(delivery)
      underWay.delete(delivery.eventId)
      if (ended.end === 'held') return ended
      tried.push(delivery.eventId)
      onEnded()
      // As the disk takes its time.
      await immediate()
      if (ended.end === 'over') waiting.delete(delivery.eventId)
      else waiting.set(delivery.eventId, { ...delivery, tries: delivery.tries + 1, dueMs: ended.dueMs })
      return ended
    },
  })
  const add = (eventId: string, dueMs = nowMs()): void => {
    waiting.set(eventId, { eventId, tries: 0, dueMs })
    lane.wake()
  }
  return { lane, waiting, tried, faults, add, most: () => most }
}

const over: Attempt = { end: 'over' }

test('everything is tried once, however many there are, and few at once', async t => {
  const stage = createStage(async () => {
    await immediate()
    return over
  })
  for (let number = 0; number < 1000; number += 1) stage.add(`e${number}`)
  await until('nothing waits', async () => stage.waiting.size === 0)
  t.is(stage.tried.length, 1000)
  t.is(new Set(stage.tried).size, 1000)
  t.is(stage.most(), 16)
  t.deepEqual(stage.faults, [])
})

test('nothing is lost in any order of arrivals, ends, failures and holds', async t => {
  const plan = fc.array(fc.record({ later: fc.boolean(), held: fc.boolean(), turns: fc.nat(3) }), { maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(plan, async plans => {
      const left = new Map(plans.map((each, index) => [`e${index}`, { ...each }]))
      const stage = createStage(async ({ eventId }) => {
        const mine = left.get(eventId)
        for (let turn = 0; turn < (mine?.turns ?? 0); turn += 1) await immediate()
        if (mine?.held) {
          mine.held = false
          return { end: 'held', reason: 'busy', pauseMs: 1 }
        }
        if (!mine?.later) return over
        mine.later = false
        return { end: 'later', dueMs: nowMs() + 2 }
      })
      for (const [index, { turns }] of plans.entries()) {
        stage.add(`e${index}`)
        if (turns === 0) await immediate()
      }
      await until('nothing waits', async () => stage.waiting.size === 0)
      await stage.lane.stop()
      t.deepEqual(stage.faults, [])
      t.is(stage.tried.length, plans.length + plans.filter(({ later }) => later).length)
    }),
    { numRuns: 30 },
  )
})

test('what was never tried has its turn beyond a whole page of it, though something in between is tried later', async t => {
  const stage = createStage(async () => over)
  const laterMs = nowMs() + 3_600_000
  stage.waiting.set('later', { eventId: 'later', tries: 1, dueMs: laterMs })
  for (let number = 1; number <= 200; number += 1) stage.add(`e${number}`, laterMs + number)
  await until('only one waits', async () => stage.waiting.size === 1)
  t.deepEqual([...stage.waiting.keys()], ['later'])
  await stage.lane.stop()
})

test('while it is held nothing is begun, and it says why; a change goes on with it at once', async t => {
  let isThere = false
  let asked = 0
  const stage = createStage(async () => {
    asked += 1
    return isThere ? over : { end: 'held', reason: 'function f not found', pauseMs: 3_600_000 }
  })
  stage.add('a')
  await until('it is held', async () => stage.lane.heldFor !== undefined)
  t.is(stage.lane.heldFor, 'function f not found')
  for (let number = 0; number < 50; number += 1) stage.add(`b${number}`)
  await immediate()
  t.is(asked, 1)
  isThere = true
  stage.lane.resume()
  await until('nothing waits', async () => stage.waiting.size === 0)
  t.is(stage.lane.heldFor, undefined)
})

test('a defect holds it for a while; it goes on afterwards', async t => {
  let failures = 2
  const stage = createStage(async () => {
    failures -= 1
    if (failures >= 0) throw new Error('defect')
    return over
  })
  stage.add('a')
  await until('nothing waits', async () => stage.waiting.size === 0)
  t.deepEqual(stage.faults.slice(0, 1), ['Error: defect'])
})

test('once stopped nothing is begun', async t => {
  const stage = createStage(async () => over)
  await stage.lane.stop()
  stage.add('a')
  await immediate()
  t.is(stage.waiting.size, 1)
})
