/** Calls wait in order, in bounded number, for a bounded time. */
import test from 'ava'
import { BusyError } from '../../../../server/core/execution.ts'
import { createQueue, DeadlineError } from '../../../../server/engine/queue.ts'

const limits = { maxWaiting: 2, maxWaitingInAll: 4, waitMs: 60_000 }
const elapsedMs = () => performance.now()
const open = (options: Partial<typeof limits> = {}, room = { count: 0 }) =>
  createQueue<string>({ limits: { ...limits, ...options }, room, elapsedMs })

test('first come, first served', async t => {
  const queue = open()
  const waiting = [queue.wait(), queue.wait()]
  t.is(queue.size, 2)
  t.true(queue.serve(() => 'a'))
  t.true(queue.serve(() => 'b'))
  t.deepEqual(await Promise.all(waiting), ['a', 'b'])
  t.false(queue.serve(() => t.fail('nobody waits')))
})

test('a full queue says so, and when to come again', async t => {
  const queue = open({ maxWaiting: 1 })
  const first = queue.wait()
  const refused = await t.throwsAsync(queue.wait(), { instanceOf: BusyError, message: '1 calls are waiting already' })
  t.true((refused?.retryAfterSeconds ?? 0) >= 1)
  queue.serve(() => 'a')
  t.is(await first, 'a')
})

test('all functions together have a limit, and whoever leaves makes room', async t => {
  const room = { count: 0 }
  const [one, other, third] = [open({}, room), open({}, room), open({}, room)]
  const waiting = [one.wait(), one.wait(), other.wait(), third.wait()]
  await t.throwsAsync(other.wait(), { instanceOf: BusyError, message: '4 calls of all functions are waiting already' })
  third.rejectAll(new Error('over'))
  one.serve(() => 'a')
  const late = other.wait()
  one.rejectAll(new Error('over'))
  other.rejectFirst(new Error('first'))
  other.serve(() => 'b')
  t.is(await late, 'b')
  t.is(room.count, 0)
  t.deepEqual(
    (await Promise.allSettled(waiting)).map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'rejected'],
  )
})

test('no function takes more than half of a queue that was made small, and the first call of each finds room', async t => {
  const room = { count: 0 }
  const small = { maxWaiting: 1000, maxWaitingInAll: 4 }
  const [one, other, third] = [open(small, room), open(small, room), open(small, room)]
  const waiting = [one.wait(), one.wait()]
  await t.throwsAsync(one.wait(), { instanceOf: BusyError, message: '2 calls are waiting already' })
  waiting.push(other.wait(), other.wait(), third.wait())
  await t.throwsAsync(third.wait(), { instanceOf: BusyError, message: '5 calls of all functions are waiting already' })
  for (const queue of [one, other, third]) while (queue.serve(() => 'a'));
  t.deepEqual(await Promise.all(waiting), Array(5).fill('a'))
  t.is(room.count, 0)
})

test('who waits too long is told to come again, a deadline of its own ends a wait before', async t => {
  // A queue alone keeps no process alive.
  const alive = setInterval(() => undefined, 1000)
  t.teardown(() => clearInterval(alive))
  const room = { count: 0 }
  const queue = open({ waitMs: 60 }, room)
  const [patient, hurried] = [queue.wait(), queue.wait(5)]
  await t.throwsAsync(hurried, { instanceOf: DeadlineError })
  await t.throwsAsync(patient, { instanceOf: BusyError, message: 'no worker became free within 0.06 s' })
  t.is(room.count, 0)
})
