/** The workers of one function in one container: as many as its calls need and the machine has places for. */
import { messageOf } from '../core/errors.ts'
import { planStarts } from './plan-starts.ts'
import type { Queue } from './queue.ts'
import type { Places } from './share.ts'
import type { Slots } from './slots.ts'
import type { Worker } from './worker.ts'

export interface StaffOptions {
  slots: Slots<Worker>
  queue: Pick<Queue<unknown>, 'size'>
  places: Places
  startWorker(): Promise<Worker>
  concurrency: number
  turnMs: number
  workerIdleMs: number
  /** After a start that failed while other workers go on. */
  retryMs: number
  elapsedMs(): number
  /** The container starts no workers any more; whoever waits is to be served from another. */
  giveUp(reason: string): void
}

export interface Staff {
  /** A worker whose place is taken already. */
  hire(worker: Worker): void
  /** Starts what is missing; to be called when a call waits. */
  grow(): void
  /** A place that this function stood in line for is its own; false: it is not needed any more. */
  useGranted(): boolean
  /** Ends a worker that has no call. */
  retireIdle(): void
  /** Ends the worker whose call has ended, if another function has more right to its place. */
  yieldAfterCall(worker: Worker): void
  /** The container is gone: whatever is still on its way does not count any more. */
  dismiss(): void
  readonly alive: number
}

export function createStaff(options: StaffOptions): Staff {
  const { slots, queue, places, startWorker, concurrency, elapsedMs } = options
  const hiredMs = new Map<Worker, number>()
  let starting = 0
  let capacity = 1
  let isFull = false
  let dismissed = false
  let retiring: NodeJS.Timeout | undefined
  let retrying: NodeJS.Timeout | undefined

  function hire(worker: Worker): void {
    if (dismissed) return
    hiredMs.set(worker, elapsedMs())
    capacity = worker.capacity
    slots.add(worker, Math.min(capacity, concurrency))
    void worker.leaving.then(() => slots.remove(worker))
    void worker.ended.then(() => depart(worker))
    watchIdle()
  }

  function depart(worker: Worker): void {
    if (dismissed) return
    hiredMs.delete(worker)
    isFull = false
    places.release()
    grow()
  }

  const missing = () =>
    dismissed || isFull ? 0 : planStarts({ alive: hiredMs.size, starting, waiting: queue.size, capacity }, concurrency)

  function grow(): void {
    for (let count = missing(); count > 0; count -= 1) {
      if (!(queue.size > 0 ? places.claim() : places.takeFree())) return
      void start()
    }
  }

  /** With a place taken. */
  async function start(): Promise<void> {
    starting += 1
    try {
      const worker = await startWorker()
      starting -= 1
      hire(worker)
      grow()
    } catch (thrown) {
      starting -= 1
      if (!dismissed) fail(messageOf(thrown))
    }
  }

  function fail(reason: string): void {
    places.release()
    // The container holds no more of them: those that there are go on, those on their way are awaited.
    isFull = hiredMs.size + starting > 0
    if (isFull) retryLater()
    // The code was loaded here before: what is in its way now, such as processes that a worker left behind, may stay for ever.
    else options.giveUp(reason)
  }

  /** What kept a worker from starting may have passed. */
  function retryLater(): void {
    clearTimeout(retrying)
    retrying = setTimeout(() => {
      isFull = false
      grow()
    }, options.retryMs).unref()
  }

  function retire(worker: Worker): void {
    slots.retire(worker, worker.kill)
  }

  /** Looks from time to time how many workers had nothing to do in between; one stays. */
  function watchIdle(): void {
    if (retiring || hiredMs.size < 2) return
    slots.takeLowWater()
    retiring = setTimeout(() => {
      retiring = undefined
      retireSpare(Math.min(slots.takeLowWater(), hiredMs.size - 1))
      watchIdle()
    }, options.workerIdleMs).unref()
  }

  function retireSpare(count: number): void {
    for (let left = count; left > 0; left -= 1) retireIdle()
  }

  function retireIdle(): void {
    const worker = slots.findIdle()
    if (worker) retire(worker)
  }

  return {
    hire,
    grow,
    useGranted: () => {
      if (queue.size === 0 || missing() === 0) return false
      void start()
      grow()
      return true
    },
    retireIdle,
    yieldAfterCall: worker => {
      if (queue.size === 0) places.withdraw()
      const hired = hiredMs.get(worker)
      if (hired === undefined || elapsedMs() - hired < options.turnMs || !places.mustYield()) return
      places.yielding()
      retire(worker)
    },
    dismiss: () => {
      dismissed = true
      clearTimeout(retiring)
      clearTimeout(retrying)
      slots.clear()
      for (let left = hiredMs.size + starting; left > 0; left -= 1) places.release()
    },
    get alive() {
      return hiredMs.size
    },
  }
}
