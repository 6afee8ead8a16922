/** Bounds what strangers make the agent do: one thing after the other, with a pause between, and no long queue. */
import { refuse } from './refusal.ts'

export interface PaceOptions {
  /** Between the beginnings of two. */
  readonly everyMs: number
  /** Whoever would wait longer is refused. */
  readonly longestWaitMs: number
  monotonicMs(): number
  pause(ms: number): Promise<unknown>
}

/** Resolves when it is the caller's turn. */
export function createPace({ everyMs, longestWaitMs, monotonicMs, pause }: PaceOptions): () => Promise<void> {
  let nextMs = 0
  return async () => {
    const now = monotonicMs()
    const waitMs = Math.max(0, nextMs - now)
    if (waitMs > longestWaitMs)
      throw refuse('too-many-checks', 'too much is being checked at the same time: try again in a moment', {
        waitSeconds: Math.ceil(waitMs / 1000),
      })
    nextMs = now + waitMs + everyMs
    if (waitMs > 0) await pause(waitMs)
  }
}
