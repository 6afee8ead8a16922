/** When a delivery that failed is tried again, and when no more. Pure. */
import type { CallEnd } from '../core/ports.ts'
import type { DeliveryProgress } from '../store/event-port.ts'

export interface Retry {
  /** With the first one. */
  tries: number
  /** From the first try to the last one, but for what the tries themselves take. */
  withinSeconds: number
}

export const usualRetry: Retry = { tries: 5, withinSeconds: 600 }

/** Each pause is so many times the one before. */
const growth = 3
const maxReasonLength = 2000

/** Pauses that grow and add up to the whole time; undefined after the last try. */
export function planPauseMs({ tries, withinSeconds }: Retry, triesSoFar: number): number | undefined {
  if (triesSoFar >= tries) return undefined
  const sumOfPauses = (growth ** (tries - 1) - 1) / (growth - 1)
  return Math.round((withinSeconds * 1000 * growth ** (triesSoFar - 1)) / sumOfPauses)
}

/** What became of a delivery by a try that ended. */
export function planProgress(
  { runName, outcome }: Pick<CallEnd, 'outcome'> & { runName: string | null },
  { retry, tries, nowMs }: { retry: Retry; tries: number; nowMs: number },
): DeliveryProgress {
  const common = { tries: tries + 1, run: runName, dueMs: nowMs }
  if (outcome.ok) return { ...common, state: 'delivered', reason: null }
  const reason = `${outcome.error.type}: ${outcome.error.message}`.slice(0, maxReasonLength)
  const pauseMs = planPauseMs(retry, common.tries)
  if (pauseMs === undefined) return { ...common, state: 'dead', reason }
  return { ...common, state: 'waiting', reason, dueMs: nowMs + pauseMs }
}
