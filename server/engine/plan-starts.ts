/** Decides how many workers of a function to start now. Pure. */

export interface Staffing {
  alive: number
  starting: number
  /** Calls without a worker. */
  waiting: number
  /** Calls that one worker takes at once. */
  capacity: number
}

/** As many as the calls that wait need, within the function's concurrency; the last one to end is replaced in any case. */
export function planStarts({ alive, starting, waiting, capacity }: Staffing, concurrency: number): number {
  const room = Math.ceil(concurrency / capacity) - alive - starting
  const needed = Math.max(Math.ceil(waiting / capacity) - starting, alive + starting === 0 ? 1 : 0)
  return Math.max(0, Math.min(room, needed))
}
