/** Workers that cannot be started: as long as there are others they go on; with none left the container is given up. */
import test from 'ava'
import type { WorkerEnd } from '../../../../server/engine/calls.ts'
import { createQueue } from '../../../../server/engine/queue.ts'
import { createShare } from '../../../../server/engine/share.ts'
import { createSlots, type Lease } from '../../../../server/engine/slots.ts'
import { createStaff, type Staff } from '../../../../server/engine/staff.ts'
import type { Worker } from '../../../../server/engine/worker.ts'
import { until } from '../../../helpers/wait.ts'

function createFakeWorker(number: number): { worker: Worker; die(): void } {
  const [ended, leaving] = [Promise.withResolvers<WorkerEnd>(), Promise.withResolvers<void>()]
  const end: WorkerEnd = { kind: 'exited', end: { code: 1, signal: null, outOfMemory: false }, logs: [] }
  const die = () => {
    leaving.resolve()
    ended.resolve(end)
  }
  const nothing = () => undefined
  const ends = {
    ended: ended.promise,
    leaving: leaving.promise,
    kill: die,
    giveUp: nothing,
    isLeaving: false,
  }
  const watch = { begin: nothing, end: nothing }
  return { worker: { number, capacity: 1, ...ends, watch, call: async () => end }, die }
}

/** A function with one worker; each further start is settled by the test. */
function open(maxWorkers = 8, retryMs = 30_000) {
  const elapsedMs = () => performance.now()
  const limits = { maxWaiting: 100, maxWaitingInAll: 200, maxWaitingBytes: 1000, waitMs: 60_000 }
  const queue = createQueue<Lease<Worker>>({ limits, room: { count: 0, bytes: 0 }, elapsedMs })
  const slots = createSlots<Worker>({ queue, afterCall: () => undefined })
  const share = createShare(maxWorkers)
  const starts: PromiseWithResolvers<Worker>[] = []
  const startWorker = () => {
    const start = Promise.withResolvers<Worker>()
    starts.push(start)
    return start.promise
  }
  let staff: Staff | undefined
  const granted = () => staff?.useGranted() ?? false
  const places = share.join({ granted, idleSinceMs: undefined, retireIdle: () => undefined })
  places.claim()
  const times = { turnMs: 100, workerIdleMs: 30_000, retryMs, elapsedMs }
  const givenUp: string[] = []
  const giveUp = (reason: string) => {
    givenUp.push(reason)
    staff?.dismiss()
  }
  staff = createStaff({ slots, queue, places, startWorker, concurrency: 8, ...times, giveUp })
  const first = createFakeWorker(1)
  staff.hire(first.worker)
  return { queue, slots, share, staff, starts, first, givenUp }
}

const isSettled = <T>(promise: Promise<T>) => Promise.race([promise.then(() => true), Promise.resolve(false)])
const turn = () => new Promise(setImmediate)

test('when several starts fail and no worker is left, the container is given up once, and who waits goes on waiting', async t => {
  const { queue, slots, share, starts, first, givenUp } = open()
  slots.take()
  const waiting = [queue.wait({ bytes: 1 }), queue.wait({ bytes: 1 })]
  first.die()
  await until('a start for each', async () => starts.length === 2)
  for (const { reject } of starts) reject(new Error('not now'))
  await until('the end', async () => givenUp.length > 0)
  await turn()
  t.deepEqual([givenUp, starts.length, share.taken], [['not now'], 2, 0])
  for (const each of waiting) t.false(await isSettled(each))
})

test('as long as a worker is there, a start that fails costs no call and is not repeated', async t => {
  const { queue, slots, staff, starts, first } = open()
  const lease = slots.take()
  const waiting = queue.wait({ bytes: 1 })
  staff.grow()
  starts[0]?.reject(new Error('full'))
  await turn()
  staff.grow()
  t.is(starts.length, 1)
  t.false(await isSettled(waiting))
  lease?.end()
  t.is((await waiting).worker, first.worker)
})

test('a start that failed while calls go on is tried again after a while', async t => {
  const { queue, slots, staff, starts } = open(8, 1)
  slots.take()
  const waiting = queue.wait({ bytes: 1 })
  staff.grow()
  starts[0]?.reject(new Error('full'))
  await until('another start', async () => starts.length === 2)
  starts[1]?.resolve(createFakeWorker(2).worker)
  t.is((await waiting).worker.number, 2)
})

test('nobody waits: the container of a worker that cannot be replaced is given up all the same', async t => {
  const { share, starts, first, givenUp } = open()
  first.die()
  await until('a replacement', async () => starts.length === 1)
  starts[0]?.reject(new Error('not now'))
  await until('the end', async () => givenUp.length > 0)
  await turn()
  t.deepEqual([starts.length, share.taken], [1, 0])
})

test('without a call a worker is replaced by what is free, and nobody stands in line for it', async t => {
  const { queue, share, starts, first } = open(1)
  const other = share.join({ granted: () => true, idleSinceMs: undefined, retireIdle: () => undefined })
  t.false(other.claim())
  first.die()
  await until('the place is passed on', async () => other.kept === 1)
  await turn()
  t.deepEqual([starts.length, share.contested, queue.size], [0, false, 0])
})
