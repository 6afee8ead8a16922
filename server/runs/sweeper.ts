/** Removes runs off the hot path, in small batches: those of functions that are gone, and those that are too old or too many. */
import { setImmediate as immediate, setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log, RunRemover } from '../core/ports.ts'
import type { RunOwner, RunStore } from '../store/port.ts'

export interface RetentionLimits {
  /** 0: no limit, as for `count`. */
  ageMs: number
  /** For each function. */
  count: number
}

export interface SweeperDependencies {
  runs: RunStore
  clock: Clock
  log: Log
  retention: RetentionLimits
  /** Between two looks at all functions. */
  periodMs: number
}

export interface Sweeper extends RunRemover {
  start(): void
  /** Ends after the batch under way. */
  stop(): Promise<void>
}

/** So many rows take the writing thread a few milliseconds. */
const batch = 250
/** Between batches, as a multiple of the time that the last one took: half of the writing thread stays with the callers. */
const restFactor = 1
const longestRestMs = 1000
/** However old, so many of a function's newest runs stay: a clock that once jumps ahead does not empty the history. */
const keptWhateverAge = 100

/**
 * What was accepted before may go; undefined: all stay. `lastByCountNs` and `lastAtAnyAgeNs` are when the last of the newest runs
 * was accepted that the count keeps, and that stay whatever their age; undefined when there are fewer.
 */
export function planCutoffNs(
  ageMs: number,
  places: { nowNs: bigint; lastByCountNs: bigint | undefined; lastAtAnyAgeNs: bigint | undefined },
): bigint | undefined {
  const { nowNs, lastByCountNs, lastAtAnyAgeNs } = places
  if (ageMs === 0 || lastAtAnyAgeNs === undefined) return lastByCountNs
  const agedNs = nowNs - BigInt(ageMs) * 1_000_000n
  const byAgeNs = agedNs < lastAtAnyAgeNs ? agedNs : lastAtAnyAgeNs
  return lastByCountNs !== undefined && lastByCountNs > byAgeNs ? lastByCountNs : byAgeNs
}

export function createSweeper({ runs, clock, log, retention, periodMs }: SweeperDependencies): Sweeper {
  const { ageMs, count } = retention
  const ending = new AbortController()
  let wake: () => void = () => undefined
  let sweeping: Promise<void> = Promise.resolve()

  const rest = (lengthMs: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, lengthMs).unref()
    wake = () => {
      clearTimeout(timer)
      resolve()
    }
    if (ending.signal.aborted) wake()
    return promise
  }

  /** Repeats until the batch says that it was the last one. */
  const inBatches = async (removeBatch: () => Promise<boolean>): Promise<void> => {
    for (let isMore = true; isMore && !ending.signal.aborted; ) {
      const begunMs = performance.now()
      isMore = await removeBatch()
      if (isMore) await pause(Math.min(restFactor * (performance.now() - begunMs), longestRestMs))
    }
  }

  const sweepForgotten = () => inBatches(() => runs.sweepForgotten(batch))

  /** Runs with a time yet to come are neither counted nor removed: they stem from a clock that was ahead. */
  const retain = async (owner: RunOwner): Promise<void> => {
    const nowNs = clock.nowNs()
    const newestBut = (skip: number) => runs.executedNs(owner, { skip, upToNs: nowNs })
    const lastByCountNs = count > 0 ? await newestBut(count - 1) : undefined
    const lastAtAnyAgeNs = ageMs > 0 ? await newestBut(keptWhateverAge - 1) : undefined
    const executedNs = planCutoffNs(ageMs, { nowNs, lastByCountNs, lastAtAnyAgeNs })
    if (executedNs === undefined) return
    await inBatches(async () => (await runs.removeEnded(owner, { executedNs, limit: batch })) === batch)
  }

  const sweep = async (): Promise<void> => {
    await sweepForgotten()
    if (ageMs === 0 && count === 0) return
    for (let owner = await runs.nextOwner(); owner && !ending.signal.aborted; owner = await runs.nextOwner(owner)) {
      await retain(owner)
      await immediate()
    }
  }

  const sweepForEver = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await sweep().catch(thrown =>
        log.warn({ cause: messageOf(thrown) }, 'old runs could not be removed; it is tried again'),
      )
      await rest(periodMs)
    }
  }

  return {
    hideOfFunction: owner => runs.forgetFunction({ ...owner, isGone: false }),
    removeOfFunction: async owner => {
      await runs.forgetFunction({ ...owner, isGone: true })
      wake()
    },
    start: () => {
      sweeping = sweepForEver()
    },
    stop: () => {
      ending.abort()
      wake()
      return sweeping
    },
  }
}
