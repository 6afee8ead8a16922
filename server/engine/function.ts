/** The calls of one revision of a function: each gets a worker, or waits for one; without calls the function falls asleep. */
import { messageOf } from '../core/errors.ts'
import {
  BusyError,
  type Contract,
  FunctionLoadError,
  type FunctionRevision,
  type FunctionStats,
  type Invocation,
  type Outcome,
} from '../core/execution.ts'
import { runCall, UnreachedError } from './call.ts'
import { createHome, type HomeOptions } from './home.ts'
import type { Live } from './live.ts'
import { neverInvoked, notLoaded, systemError } from './outcomes.ts'
import { createQueue, DeadlineError, type WaitingRoom } from './queue.ts'
import { createSlots, type Lease } from './slots.ts'
import type { Worker } from './worker.ts'

export interface WarmFunction {
  readonly contract: Contract
  /** Resolves once a worker is ready; see Execution.load. */
  wake(): Promise<void>
  /** Rejects with BusyError only. */
  invoke(invocation: Invocation): Promise<Outcome>
  /** Resolves when no call is left. */
  drained(): Promise<void>
  /** Gives the container up; the calls that are left end as SystemError for the reason. Nothing may be asked of it afterwards. */
  end(reason: string): Promise<void>
  stats(): FunctionStats
  /** See Execution.memoryOf. */
  memory(): Promise<number | undefined>
}

export interface FunctionOptions extends Omit<HomeOptions, 'slots' | 'queue' | 'idleSinceMs'> {
  nowMs(): number
  live: Pick<Live, 'begin' | 'end'>
  /** Of all functions. */
  room: WaitingRoom
}

/** So many containers may go away before they have a call. */
const maxUnreached = 2
/** Until a call that nobody waits for is made again. */
const patientRetrySeconds = 2

export function createWarmFunction(revision: FunctionRevision, options: FunctionOptions): WarmFunction {
  const { nowMs, elapsedMs, live, room, share } = options
  const limits = { ...options.limits, ...revision.limits }
  const queue = createQueue<Lease<Worker>>({ limits, room, elapsedMs })
  const slots = createSlots<Worker>({ queue, afterCall: worker => home.afterCall(worker) })
  let calls = 0
  let idleSinceMs = elapsedMs()
  let idle: NodeJS.Timeout | undefined
  let onDrained: (() => void)[] = []
  const home = createHome(revision, {
    ...options,
    limits,
    slots,
    queue,
    idleSinceMs: () => (calls === 0 ? idleSinceMs : undefined),
  })

  function lease(invocation: Invocation, leftMs: number | undefined): Promise<Lease<Worker>> {
    // A call that nobody waits for has no context yet; those who make them make only so many at once.
    const context = 'begin' in invocation ? '' : invocation.contextJson
    const bytes = Buffer.byteLength(context) + Buffer.byteLength(invocation.payloadJson)
    const waiting = queue.wait({ bytes, deadlineInMs: leftMs })
    home.serveWaiting()
    return waiting
  }

  /** A worker that is lost in the very tick in which it is lent gets no call: another one can answer. */
  async function giveBack(lent: Lease<Worker>): Promise<void> {
    // Whoever keeps the workers has struck it off by then: it is not lent again.
    await lent.worker.leaving
    lent.end()
  }

  async function call(invocation: Invocation, leftMs: () => number | undefined): Promise<Outcome> {
    let lent = slots.take() ?? (await lease(invocation, leftMs()))
    if (lent.worker.isLeaving) {
      await giveBack(lent)
      lent = await lease(invocation, leftMs())
    }
    for (let left = maxUnreached; ; left -= 1) {
      try {
        return await callOn(lent, invocation, leftMs())
      } catch (thrown) {
        if (!(thrown instanceof UnreachedError) || left === 0) throw thrown
      }
      // It has not run: once more, in another container.
      lent = await lease(invocation, leftMs())
    }
  }

  async function callOn(lent: Lease<Worker>, invocation: Invocation, leftMs: number | undefined): Promise<Outcome> {
    live.begin(invocation.id, lent.worker)
    try {
      if (!('begin' in invocation)) return await runCall(lent.worker, invocation, { leftMs, limits })
      const begun = { ...invocation, ...invocation.begin() }
      return await runCall(lent.worker, begun, { leftMs: countDown(begun.deadlineMs)(), limits })
    } finally {
      live.end(invocation.id)
      lent.end()
    }
  }

  /** From here on by the clock that never jumps. */
  function countDown(deadlineMs: number | undefined): () => number | undefined {
    if (deadlineMs === undefined) return () => undefined
    const dueMs = elapsedMs() + deadlineMs - nowMs()
    return () => Math.max(0, dueMs - elapsedMs())
  }

  function turnAway(cause: unknown, isPatient: boolean): Outcome {
    const name = `function ${revision.name}`
    if (cause instanceof BusyError) throw new BusyError(`${name} is busy: ${cause.message}`, cause.retryAfterSeconds)
    if (cause instanceof DeadlineError) return neverInvoked()
    if (cause instanceof FunctionLoadError) return notLoaded(cause.message)
    // No worker had it: it is made again, when Docker answers, or another version has taken the place of one that has ended.
    if (isPatient && !(cause instanceof UnreachedError)) throw new BusyError(messageOf(cause), patientRetrySeconds)
    return systemError(`${name} could not be started: ${messageOf(cause)}`)
  }

  /** To be called when there may be nothing to do: the idle time begins. */
  function rest(): void {
    if (calls > 0) return
    idleSinceMs = elapsedMs()
    idle ??= setTimeout(fallAsleep, limits.idleMs).unref()
    // Its workers may be those that somebody else waits for.
    if (share.contested) share.reclaim()
    for (const tell of onDrained.splice(0)) tell()
  }

  /** The timer is not set anew for each call, but for what is left when it goes off. */
  function fallAsleep(): void {
    idle = undefined
    const leftMs = calls > 0 ? limits.idleMs : idleSinceMs + limits.idleMs - elapsedMs()
    if (leftMs > 0) idle = setTimeout(fallAsleep, Math.ceil(leftMs)).unref()
    else void home.sleep()
  }

  return {
    contract: revision.contract,
    wake: () => home.wake().finally(rest),
    memory: home.memory,
    end: async reason => {
      clearTimeout(idle)
      await home.end(reason)
      queue.rejectAll(new Error(reason))
    },
    invoke: async invocation => {
      const isPatient = 'begin' in invocation
      const deadlineMs = isPatient ? undefined : invocation.deadlineMs
      if (deadlineMs !== undefined && deadlineMs <= nowMs()) return neverInvoked()
      calls += 1
      try {
        return await call(invocation, countDown(deadlineMs))
      } catch (thrown) {
        return turnAway(thrown, isPatient)
      } finally {
        calls -= 1
        rest()
      }
    },
    drained: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      if (calls === 0) resolve()
      else onDrained = [...onDrained, resolve]
      return promise
    },
    stats: () => {
      const { org, name, revisionId } = revision
      const use = { workers: home.workers, busy: slots.leased, waiting: queue.size }
      return { org, name, revisionId, warm: home.isAwake, ...use }
    },
  }
}
