/** Removes runs off the hot path, in small batches: those of functions that are gone, and those that are too old or too many. */
import { setImmediate as immediate } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log, RunRemover } from '../core/ports.ts'
import { batchLength, createSweeping, type RetentionLimits, type Sweeping, type SweepRound } from '../core/sweeping.ts'
import type { RunOwner, RunStore } from '../store/port.ts'

export interface SweeperDependencies {
  runs: RunStore
  clock: Clock
  log: Log
  /** `count` is of each function. */
  retention: RetentionLimits
  /** Between two looks at all functions. */
  periodMs: number
}

export type Sweeper = RunRemover & Pick<Sweeping, 'start' | 'stop'>

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

  /** Runs with a time yet to come are neither counted nor removed: they stem from a clock that was ahead. */
  const retain = async (owner: RunOwner, { inBatches }: SweepRound): Promise<void> => {
    const nowNs = clock.nowNs()
    const newestBut = (skip: number) => runs.executedNs(owner, { skip, upToNs: nowNs })
    const lastByCountNs = count > 0 ? await newestBut(count - 1) : undefined
    const lastAtAnyAgeNs = ageMs > 0 ? await newestBut(keptWhateverAge - 1) : undefined
    const executedNs = planCutoffNs(ageMs, { nowNs, lastByCountNs, lastAtAnyAgeNs })
    if (executedNs === undefined) return
    await inBatches(async () => (await runs.removeEnded(owner, { executedNs, limit: batchLength })) === batchLength)
  }

  const sweep = async (round: SweepRound): Promise<void> => {
    await round.inBatches(() => runs.sweepForgotten(batchLength))
    if (ageMs === 0 && count === 0) return
    for (let owner = await runs.nextOwner(); owner && !round.isEnding(); owner = await runs.nextOwner(owner)) {
      await retain(owner, round)
      await immediate()
    }
  }

  const { start, stop, wake } = createSweeping({
    sweep,
    onError: thrown => log.warn({ cause: messageOf(thrown) }, 'old runs could not be removed; it is tried again'),
    periodMs,
  })
  return {
    hideOfFunction: owner => runs.forgetFunction({ ...owner, isGone: false }),
    removeOfFunction: async owner => {
      await runs.forgetFunction({ ...owner, isGone: true })
      wake()
    },
    start,
    stop,
  }
}
