/** A clock that stands still until a test moves it. */
import type { Clock } from '../../server/core/clock.ts'

export interface MovingClock extends Clock {
  nowMs(): number
  advance(ms: number): void
}

export function createMovingClock(): MovingClock {
  let timeNs = BigInt(Date.now()) * 1_000_000n
  return {
    nowNs: () => {
      timeNs += 1n
      return timeNs
    },
    nowMs: () => Number(timeNs / 1_000_000n),
    advance: ms => {
      timeNs += BigInt(ms) * 1_000_000n
    },
  }
}
