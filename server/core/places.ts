/** Work of which only so much may go on at once, and only so much may wait. */
import { busyError } from './errors.ts'

/** Throws the DispatchError BUSY where there is no room to wait either. */
export type Places = <T>(work: () => Promise<T>) => Promise<T>

export interface PlacesLimits {
  atOnce: number
  waiting: number
  /** What the refused read: what is full. */
  fullText: string
}

const retryAfterSeconds = 5

export function createPlaces({ atOnce, waiting, fullText }: PlacesLimits): Places {
  let busy = 0
  const queue: (() => void)[] = []
  return async work => {
    if (busy < atOnce) busy += 1
    else if (queue.length >= waiting) throw busyError(fullText, retryAfterSeconds)
    // The place is handed over: it stays taken in between.
    else await new Promise<void>(resolve => queue.push(resolve))
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else busy -= 1
    }
  }
}
