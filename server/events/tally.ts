/** Counts events, tries to deliver them, and how long deliveries took. */
import { createTally, type Tallied } from '../core/tally.ts'
import type { DeliveryState } from '../store/event-port.ts'

/** `failed` is tried again. */
export type TryEnd = 'delivered' | 'failed' | 'dead'

export interface EventTally {
  countEmitted(events: number): void
  /** `seconds` since the event was emitted. */
  countTry(state: DeliveryState, seconds: number): void
  /** Since the start. */
  read(): { emitted: number; tries: Readonly<Record<TryEnd, number>>; seconds: Tallied }
}

const bounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600]
const ends: Record<DeliveryState, TryEnd> = { delivered: 'delivered', waiting: 'failed', dead: 'dead' }

export function createEventTally(): EventTally {
  const tries = { delivered: 0, failed: 0, dead: 0 }
  const seconds = createTally(bounds)
  let emitted = 0
  return {
    countEmitted: events => {
      emitted += events
    },
    countTry: (state, took) => {
      tries[ends[state]] += 1
      if (state === 'delivered') seconds.add(took)
    },
    read: () => ({ emitted, tries, seconds }),
  }
}
