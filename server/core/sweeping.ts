/** The loop that removes what is too old: in small batches, with room for everybody else between them. */
import { setTimeout as pause } from 'node:timers/promises'

/** How long something is kept, and how much of it. */
export interface RetentionLimits {
  /** 0: no limit, as for `count`. */
  ageMs: number
  count: number
}

/** What one round has to do with. */
export interface SweepRound {
  /** Repeats until the batch says that it was the last one. */
  inBatches(removeBatch: () => Promise<boolean>): Promise<void>
  /** Whether the round should leave off. */
  isEnding(): boolean
}

export interface SweepingOptions {
  sweep(round: SweepRound): Promise<void>
  onError(thrown: unknown): void
  /** Between two rounds. */
  periodMs: number
}

export interface Sweeping {
  start(): void
  /** Begins the next round now. */
  wake(): void
  /** Ends after the batch under way. */
  stop(): Promise<void>
}

/** So many rows take the writing thread a few milliseconds. */
export const batchLength = 250
/** Between batches, as a multiple of the time that the last one took: half of the writing thread stays with the callers. */
const restFactor = 1
const longestRestMs = 1000

export function createSweeping({ sweep, onError, periodMs }: SweepingOptions): Sweeping {
  const ending = new AbortController()
  const isEnding = (): boolean => ending.signal.aborted
  let endRest: () => void = () => undefined
  /** Whoever wakes while a round is under way gets another one: this one may have looked too early. */
  let isWoken = false
  let sweeping: Promise<void> = Promise.resolve()

  const rest = (lengthMs: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, lengthMs).unref()
    endRest = () => {
      clearTimeout(timer)
      resolve()
    }
    if (isEnding() || isWoken) endRest()
    return promise
  }
  const wake = (): void => {
    isWoken = true
    endRest()
  }

  const inBatches: SweepRound['inBatches'] = async removeBatch => {
    for (let isMore = true; isMore && !isEnding(); ) {
      const begunMs = performance.now()
      isMore = await removeBatch()
      if (isMore) await pause(Math.min(restFactor * (performance.now() - begunMs), longestRestMs))
    }
  }

  const sweepForEver = async (): Promise<void> => {
    while (!isEnding()) {
      isWoken = false
      await sweep({ inBatches, isEnding }).catch(onError)
      await rest(periodMs)
    }
  }

  return {
    start: () => {
      sweeping = sweepForEver()
    },
    wake,
    stop: () => {
      ending.abort()
      wake()
      return sweeping
    },
  }
}
