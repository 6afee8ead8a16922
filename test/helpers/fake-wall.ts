/** A wall clock that a test sets; what waits for it rings when it is gone on or set. */
import type { WallClock } from '../../server/core/clock.ts'

export interface FakeWall extends WallClock {
  /** Time passes, and all that it reaches rings. */
  pass(ms: number): void
  /** Somebody sets the clock: timers go on by the even clock, and so none rings. */
  set(ms: number): void
}

export function createFakeWall(startMs: number): FakeWall {
  let wallMs = startMs
  let evenMs = 0
  const timers = new Set<{ dueMs: number; call: () => void }>()
  return {
    nowMs: () => wallMs,
    ring: (afterMs, call) => {
      const timer = { dueMs: evenMs + afterMs, call }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    pass: ms => {
      wallMs += ms
      evenMs += ms
      for (const timer of [...timers]) if (timer.dueMs <= evenMs && timers.delete(timer)) timer.call()
    },
    set: ms => {
      wallMs = ms
    },
  }
}
