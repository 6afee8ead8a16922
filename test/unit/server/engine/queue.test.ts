/** Calls wait in order, in bounded number, for a bounded time. */
import test from 'ava'
import { BusyError } from '../../../../server/core/execution.ts'
import { createQueue, DeadlineError } from '../../../../server/engine/queue.ts'

const limits = { maxWaiting: 2, maxWaitingInAll: 4, maxWaitingBytes: 1000, waitMs: 60_000 }
const elapsedMs = () => performance.now()
const call = { bytes: 1 }
const open = (options: Partial<typeof limits> = {}, room = { count: 0, bytes: 0 }) =>
  createQueue<string>({ limits: { ...limits, ...options }, room, elapsedMs })

test('first come, first served', async t => {
  const queue = open()
  const waiting = [queue.wait(call), queue.wait(call)]
  t.is(queue.size, 2)
  t.true(queue.serve(() => 'a'))
  t.true(queue.serve(() => 'b'))
  t.deepEqual(await Promise.all(waiting), ['a', 'b'])
  t.false(queue.serve(() => t.fail('nobody waits')))
})

test('a full queue says so, and when to come again', async t => {
  const queue = open({ maxWaiting: 1 })
  const first = queue.wait(call)
  const refused = await t.throwsAsync(queue.wait(call), {
    instanceOf: BusyError,
    message: '1 calls are waiting already',
  })
  t.true((refused?.retryAfterSeconds ?? 0) >= 1)
  queue.serve(() => 'a')
  t.is(await first, 'a')
})

test('all functions together have a limit, and whoever leaves makes room', async t => {
  const room = { count: 0, bytes: 0 }
  const [one, other, third] = [open({}, room), open({}, room), open({}, room)]
  const waiting = [one.wait(call), one.wait(call), other.wait(call), third.wait(call)]
  await t.throwsAsync(other.wait(call), {
    instanceOf: BusyError,
    message: '4 calls of all functions are waiting already',
  })
  third.rejectAll(new Error('over'))
  one.serve(() => 'a')
  const late = other.wait(call)
  one.rejectAll(new Error('over'))
  other.serve(() => 'first')
  other.serve(() => 'b')
  t.is(await late, 'b')
  t.is(room.count, 0)
  t.deepEqual(
    (await Promise.allSettled(waiting)).map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'rejected'],
  )
})

test('all inputs that wait have a limit of memory, but for the first call of each function', async t => {
  const room = { count: 0, bytes: 0 }
  const mebibyte = 2 ** 20
  const roomy = { maxWaiting: 100, maxWaitingInAll: 200, maxWaitingBytes: 10 * mebibyte }
  const [one, other] = [open(roomy, room), open(roomy, room)]
  const mebibytes = (count: number) => ({ bytes: count * mebibyte })
  const waiting = [one.wait(mebibytes(6)), one.wait(mebibytes(4))]
  await t.throwsAsync(one.wait(call), {
    instanceOf: BusyError,
    message: 'calls with 10 MiB of input are waiting already',
  })
  waiting.push(other.wait(mebibytes(5)))
  one.serve(() => 'a')
  waiting.push(other.wait(mebibytes(1)))
  await t.throwsAsync(other.wait(call), { instanceOf: BusyError })
  for (const queue of [one, other]) queue.rejectAll(new Error('over'))
  t.is(room.bytes, 0)
  await Promise.allSettled(waiting)
})

test('no function takes more than half of a queue that was made small, and the first call of each finds room', async t => {
  const room = { count: 0, bytes: 0 }
  const small = { maxWaiting: 1000, maxWaitingInAll: 4 }
  const [one, other, third] = [open(small, room), open(small, room), open(small, room)]
  const waiting = [one.wait(call), one.wait(call)]
  await t.throwsAsync(one.wait(call), { instanceOf: BusyError, message: '2 calls are waiting already' })
  waiting.push(other.wait(call), other.wait(call), third.wait(call))
  await t.throwsAsync(third.wait(call), {
    instanceOf: BusyError,
    message: '5 calls of all functions are waiting already',
  })
  for (const queue of [one, other, third]) while (queue.serve(() => 'a'));
  t.deepEqual(await Promise.all(waiting), Array(5).fill('a'))
  t.is(room.count, 0)
})

test('who waits too long is told to come again, a deadline of its own ends a wait before', async t => {
  // A queue alone keeps no process alive.
  const alive = setInterval(() => undefined, 1000)
  t.teardown(() => clearInterval(alive))
  const room = { count: 0, bytes: 0 }
  const queue = open({ waitMs: 60 }, room)
  const [patient, hurried] = [queue.wait(call), queue.wait({ ...call, deadlineInMs: 5 })]
  await t.throwsAsync(hurried, { instanceOf: DeadlineError })
  await t.throwsAsync(patient, { instanceOf: BusyError, message: 'no worker became free within 0.06 s' })
  t.is(room.count, 0)
})
