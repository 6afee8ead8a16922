/** Remembers that a network was tried: when it has gone back, whoever comes next is told. */
import type { Status } from '../appliance/status.ts'

export interface Trials {
  /** The agent has begun one. */
  begin(untilMs: number): void
  /** What the agent says of itself now. */
  see(status: Status): void
  /** Nobody confirmed the last one. */
  hasGoneBack(): boolean
  /** Another claim begins. */
  forget(): void
}

export function createTrials(nowMs: () => number): Trials {
  let untilMs: number | undefined
  let wasSeen = false
  let hasGoneBack = false
  const forget = (): void => {
    untilMs = undefined
    wasSeen = false
    hasGoneBack = false
  }
  return {
    begin: until => {
      forget()
      untilMs = until
    },
    see: ({ trial }) => {
      if (trial) {
        untilMs = trial.untilMs
        wasSeen = true
        hasGoneBack = false
      } else if (untilMs !== undefined && (wasSeen || nowMs() >= untilMs)) {
        // Between its answer and the change of network the agent does not tell of it yet.
        forget()
        hasGoneBack = true
      }
    },
    hasGoneBack: () => hasGoneBack,
    forget,
  }
}
