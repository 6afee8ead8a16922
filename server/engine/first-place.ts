/** The wait of a sleeping function for a place on the machine, before it takes a container. */
import { BusyError } from '../core/execution.ts'
import type { EngineLimits } from './options.ts'
import { planRetryAfterSeconds, type Queue } from './queue.ts'
import type { Places } from './share.ts'

export interface FirstPlace {
  /** Resolves with a place held; rejects when the time is over and no call waits any more, or by `giveUp`. */
  take(places: Places): Promise<void>
  /** The place is its own; false: nobody stands in line for it. */
  granted(): boolean
  giveUp(cause: Error): void
}

export interface FirstPlaceOptions {
  queue: Pick<Queue<unknown>, 'size'>
  limits: Pick<EngineLimits, 'waitMs' | 'maxWorkers'>
}

export function createFirstPlace({ queue, limits: { waitMs, maxWorkers } }: FirstPlaceOptions): FirstPlace {
  let waiting: PromiseWithResolvers<void> | undefined
  let timer: NodeJS.Timeout | undefined

  function leave(): PromiseWithResolvers<void> | undefined {
    const left = waiting
    waiting = undefined
    clearTimeout(timer)
    return left
  }

  /** Each call has its own time: as long as one waits, the function keeps its place in line. */
  function lookAgain(): void {
    if (queue.size > 0) timer = setTimeout(lookAgain, waitMs)
    else leave()?.reject(tooLong())
  }

  const tooLong = () =>
    new BusyError(
      `all ${maxWorkers} workers of this machine were busy for ${waitMs / 1000} s`,
      planRetryAfterSeconds(waitMs),
    )

  return {
    take: async places => {
      const mine = Promise.withResolvers<void>()
      // Known before it is asked for: a place may be granted at once.
      waiting = mine
      timer = setTimeout(lookAgain, waitMs)
      if (places.claim()) leave()?.resolve()
      await mine.promise.catch(thrown => {
        places.withdraw()
        throw thrown
      })
    },
    granted: () => {
      const entered = leave()
      entered?.resolve()
      return entered !== undefined
    },
    giveUp: cause => leave()?.reject(cause),
  }
}
