/** Sizes what functions may use by the machine's memory. Pure. */

import { mebibyte } from './options.ts'

export interface Sizes {
  /** Of one function that does not ask for another amount. */
  memoryBytes: number
  maxWorkers: number
  maxPooled: number
  maxWaiting: number
  maxWaitingInAll: number
  maxWaitingBytes: number
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, Math.floor(value)))

/**
 * Half of the memory is for functions, the rest for the server, Docker and the system's file cache. An idle worker with its share of
 * a container needs 15 to 45 MB, so 48 MiB are counted for each. Containers that only wait for a function may have an eighth of the
 * machine, with 32 MiB counted for each. A waiting call needs a few KiB: one for each 2 MiB of the machine.
 * What large inputs need more is bounded on its own, by an eighth of the machine. No function may take more than half of the queue,
 * so that the others always find room.
 */
export function planSizes(totalMemoryBytes: number): Sizes {
  const mebibytes = totalMemoryBytes / mebibyte
  const maxWaitingInAll = clamp(mebibytes / 2, 200, 10_000)
  return {
    memoryBytes: clamp(mebibytes / 4, 128, 512) * mebibyte,
    maxWorkers: clamp(mebibytes / 2 / 48, 8, 1000),
    maxPooled: clamp(mebibytes / 8 / 32, 4, 500),
    maxWaiting: Math.floor(maxWaitingInAll / 2),
    maxWaitingInAll,
    maxWaitingBytes: clamp(mebibytes / 8, 64, 4096) * mebibyte,
  }
}
