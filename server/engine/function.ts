/** One revision of a function: asleep without a container, awake with one; its calls wait here for a worker. */
import { messageOf } from '../core/errors.ts'
import { FunctionLoadError, type FunctionRevision, type Invocation, type Outcome } from '../core/execution.ts'
import { remainingMs, runCall } from './call.ts'
import type { RuntimeContainer } from './container.ts'
import type { Live } from './live.ts'
import { loadRevision } from './load.ts'
import type { EngineLimits, EngineLog } from './options.ts'
import { neverInvoked, notLoaded, systemError } from './outcomes.ts'
import { createSlots, QueueFullError } from './slots.ts'
import { createStaff, type Staff } from './staff.ts'
import type { Worker } from './worker.ts'

export interface WarmFunction {
  /** Resolves once a worker is ready; see Execution.load. */
  wake(): Promise<void>
  invoke(invocation: Invocation): Promise<Outcome>
  /** Resolves when no call is left. */
  drained(): Promise<void>
  /** Gives the container up; the calls that are left end as SystemError. Nothing may be asked of it afterwards. */
  end(): Promise<void>
}

export interface FunctionOptions {
  takeContainer(): Promise<RuntimeContainer>
  nowMs(): number
  limits: EngineLimits
  log: EngineLog
  live: Pick<Live, 'begin' | 'end'>
}

interface Home {
  container: RuntimeContainer
  staff: Staff
}

export function createWarmFunction(revision: FunctionRevision, options: FunctionOptions): WarmFunction {
  const { limits, log, nowMs, live } = options
  const name = `function ${revision.name}`
  const slots = createSlots<Worker>(limits.maxWaiting)
  let home: Home | undefined
  let waking: Promise<void> | undefined
  let calls = 0
  let idle: NodeJS.Timeout | undefined
  let onDrained: (() => void)[] = []

  function wake(): Promise<void> {
    if (home) return Promise.resolve()
    waking ??= settleIn().finally(() => {
      waking = undefined
    })
    return waking
  }

  async function settleIn(): Promise<void> {
    try {
      const { container, worker } = await loadRevision(revision, options.takeContainer)
      const staff = createStaff({ slots, startWorker: container.startWorker, limits })
      const settled: Home = { container, staff }
      home = settled
      void container.lost.then(reason => moveOut(settled, reason))
      staff.hire(worker)
      staff.grow()
      rest()
    } catch (thrown) {
      slots.rejectAll(thrown instanceof Error ? thrown : new Error(String(thrown)))
      throw thrown
    }
  }

  /** Calls that still wait are served from another container. */
  function moveOut(left: Home, reason: string): void {
    if (home !== left) return
    log.warn({ function: revision.name, container: left.container.id, reason }, 'lost the container of a function')
    void leave(left)
    if (slots.waiting > 0) wakeForWaiting()
  }

  function leave(left: Home): Promise<void> {
    home = undefined
    left.staff.dismiss()
    return left.container.remove()
  }

  /** Those who wait are told when it fails. */
  const wakeForWaiting = () => void wake().catch(() => undefined)

  async function lease({ deadlineMs }: Invocation) {
    const free = slots.take()
    if (free) return free
    const late = deadlineMs === undefined ? undefined : AbortSignal.timeout(remainingMs(deadlineMs, nowMs()))
    const waiting = slots.wait(late)
    if (home) home.staff.grow()
    else wakeForWaiting()
    return await waiting
  }

  async function call(invocation: Invocation): Promise<Outcome> {
    const lent = await lease(invocation)
    live.begin(invocation.id, lent.worker)
    try {
      return await runCall(lent.worker, invocation, { nowMs, limits })
    } finally {
      live.end(invocation.id)
      lent.end()
    }
  }

  function turnAway(cause: unknown): Outcome {
    if (cause instanceof DOMException) return neverInvoked()
    if (cause instanceof FunctionLoadError) return notLoaded(cause.message)
    if (cause instanceof QueueFullError) return systemError(`${name} is busy: ${cause.message}; try again later`)
    return systemError(`${name} could not be started: ${messageOf(cause)}`)
  }

  /** To be called when there may be nothing to do: the idle time begins. */
  function rest(): void {
    if (calls > 0) return
    clearTimeout(idle)
    idle = setTimeout(() => home && void leave(home), limits.idleMs).unref()
    for (const tell of onDrained.splice(0)) tell()
  }

  async function end(): Promise<void> {
    clearTimeout(idle)
    await waking?.catch(() => undefined)
    const left = home ? leave(home) : undefined
    slots.rejectAll(new Error('it is being removed'))
    await left
  }

  return {
    wake,
    end,
    invoke: async invocation => {
      const { deadlineMs } = invocation
      if (deadlineMs !== undefined && deadlineMs <= nowMs()) return neverInvoked()
      clearTimeout(idle)
      calls += 1
      try {
        return await call(invocation)
      } catch (thrown) {
        return turnAway(thrown)
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
  }
}
