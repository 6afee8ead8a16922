/** Decides how many workers of a function to start now. Pure. */

export interface Staff {
  alive: number
  starting: number
  /** Calls without a worker. */
  waiting: number
}

/**
 * One for each call that waits, up to the limit. Beyond that the initial number is reached one after the other, so that the
 * starts do not compete with the calls.
 */
export function planStarts(
  { alive, starting, waiting }: Staff,
  limits: { initialWorkers: number; maxWorkers: number },
): number {
  const room = limits.maxWorkers - alive - starting
  const missing = starting === 0 && alive < limits.initialWorkers ? 1 : 0
  return Math.max(0, Math.min(room, Math.max(waiting - starting, missing)))
}
