/** Where a function lives: asleep without a container, awake with one and its workers. */
import type { FunctionRevision } from '../core/execution.ts'
import type { FunctionContainer } from './container.ts'
import { createFirstPlace } from './first-place.ts'
import type { Loaded } from './load.ts'
import type { EngineLimits, EngineLog } from './options.ts'
import type { Queue } from './queue.ts'
import type { Share } from './share.ts'
import type { Lease, Slots } from './slots.ts'
import { createStaff, type Staff } from './staff.ts'
import type { Worker } from './worker.ts'

export interface Home {
  /** Resolves once a worker is ready; see Execution.load. */
  wake(): Promise<void>
  /** A call waits for a worker: wakes up, or starts what is missing. */
  serveWaiting(): void
  /** A call of the worker has ended: it may have to make room for another function. */
  afterCall(worker: Worker): void
  /** Gives the container up; the next call wakes another. */
  sleep(): Promise<void>
  /** For good; calls that are left end for the reason. */
  end(reason: string): Promise<void>
  readonly isAwake: boolean
  readonly workers: number
  /** Bytes; undefined while asleep. */
  memory(): Promise<number | undefined>
}

export interface HomeOptions {
  /** Makes a container and a worker in it; see Execution.load. The signal aborts when nobody needs them any more. */
  open(revision: FunctionRevision, signal: AbortSignal): Promise<Loaded>
  slots: Slots<Worker>
  queue: Queue<Lease<Worker>>
  share: Share
  limits: EngineLimits
  log: EngineLog
  /** The container was lost, not given up. */
  onLost(): void
  /** Since when the function has had nothing to do; undefined: it has. */
  idleSinceMs(): number | undefined
  elapsedMs(): number
}

/** A container that once could not start another worker may be able to later. */
const startRetryMs = 10_000

interface Settled {
  container: FunctionContainer
  staff: Staff
}

export function createHome(revision: FunctionRevision, options: HomeOptions): Home {
  const { slots, queue, share, limits, log, idleSinceMs, elapsedMs } = options
  let settled: Settled | undefined
  let waking: Promise<void> | undefined
  let ended = false
  const needed = new AbortController()
  const firstPlace = createFirstPlace({ queue, limits })

  const places = share.join({
    granted: () => firstPlace.granted() || (settled?.staff.useGranted() ?? false),
    get idleSinceMs() {
      if (!settled) return undefined
      return places.kept > 1 && slots.findIdle() ? elapsedMs() : idleSinceMs()
    },
    retireIdle: () => {
      // What is kept is counted without the place that is asked for.
      if (settled && places.kept > 0 && slots.findIdle()) settled.staff.retireIdle()
      else void sleep()
    },
  })

  async function settleIn(): Promise<void> {
    try {
      await firstPlace.take(places)
      const { container, worker } = await options.open(revision, needed.signal).catch(thrown => {
        places.release()
        throw thrown
      })
      moveIn(container, worker)
    } catch (thrown) {
      queue.rejectAll(thrown instanceof Error ? thrown : new Error(String(thrown)))
      throw thrown
    }
  }

  function moveIn(container: FunctionContainer, worker: Worker): void {
    const { concurrency, turnMs, workerIdleMs } = limits
    const times = { turnMs, workerIdleMs, retryMs: startRetryMs, elapsedMs }
    const giveUp = (reason: string) => moveOut(here, reason)
    const staff = createStaff({
      slots,
      queue,
      places,
      startWorker: container.startWorker,
      concurrency,
      ...times,
      giveUp,
    })
    const here: Settled = { container, staff }
    settled = here
    void container.lost.then(reason => {
      if (settled === here) options.onLost()
      moveOut(here, reason)
    })
    staff.hire(worker)
    staff.grow()
  }

  /** Calls that still wait are served from another container. */
  function moveOut(left: Settled, reason: string): void {
    if (settled !== left) return
    log.warn({ function: revision.name, container: left.container.id, reason }, 'lost the container of a function')
    void sleep()
    if (queue.size > 0) serveWaiting()
  }

  function sleep(reason?: string): Promise<void> {
    const left = settled
    settled = undefined
    left?.staff.dismiss()
    return left?.container.remove(reason) ?? Promise.resolve()
  }

  function wake(): Promise<void> {
    if (settled) return Promise.resolve()
    if (ended) return Promise.reject(new Error('it is being removed'))
    waking ??= settleIn().finally(() => {
      waking = undefined
    })
    return waking
  }

  function serveWaiting(): void {
    if (settled) settled.staff.grow()
    // Those who wait are told when it fails.
    else wake().catch(() => undefined)
  }

  return {
    wake,
    serveWaiting,
    sleep: () => sleep(),
    afterCall: worker => {
      if (share.contested) settled?.staff.yieldAfterCall(worker)
    },
    end: async reason => {
      ended = true
      const cause = new Error(reason)
      queue.rejectAll(cause)
      firstPlace.giveUp(cause)
      needed.abort(cause)
      await waking?.catch(() => undefined)
      await sleep(reason)
      share.leave(places)
    },
    get isAwake() {
      return settled !== undefined
    },
    get workers() {
      return settled?.staff.alive ?? 0
    },
    memory: async () => settled?.container.memory(),
  }
}
