/** The states of an appliance: which one holds follows from facts alone, so that it is found again after any crash. Pure. */
import type { StateName } from './status.ts'

export interface StateFacts {
  /** The settings are applied, since this power-on. */
  readonly isSetUp: boolean
  /** There is an administrator. */
  readonly isClaimed: boolean
  readonly isResetting: boolean
  /** Since this power-on Docker and the server have been well, or one of them has failed for good: there is nothing to wait for. */
  readonly hasStarted: boolean
  /** Monotonic, since power-on. */
  readonly startingMs: number
  /** What is wrong now, each for people. */
  readonly troubles: readonly string[]
}

export interface State {
  readonly name: StateName
  readonly reasons: readonly string[]
}

/** Docker and the server may take this long before they count as failed; emulated, they take one minute. */
export const startingLimitMs = 5 * 60_000

export function decideState(facts: StateFacts): State {
  const { troubles } = facts
  if (facts.isResetting) return { name: 'resetting', reasons: [] }
  if (!facts.isSetUp) return { name: 'booting', reasons: ['applying the settings'] }
  // The page is there for whoever claims it, whatever else is wrong.
  if (!facts.isClaimed) return { name: 'unclaimed', reasons: facts.hasStarted ? troubles : [] }
  if (!facts.hasStarted && facts.startingMs < startingLimitMs)
    return { name: 'booting', reasons: ['starting Docker and the server'] }
  return troubles.length > 0 ? { name: 'degraded', reasons: troubles } : { name: 'ready', reasons: [] }
}
