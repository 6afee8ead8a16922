/** Calls a look again and again, and at once when something has happened; never two at the same time. */

export interface Watch {
  /** Look now, or right after the look that is under way. */
  nudge(): void
  /** How long the look that is under way has taken; 0 without one. */
  lookingMs(): number
  stop(): void
}

export interface WatchOptions {
  look(): Promise<void>
  /** Until the next look without a nudge. */
  readonly pauseMs: number
  monotonicMs(): number
  schedule(afterMs: number, work: () => void): { cancel(): void }
}

export function watch({ look, pauseMs, monotonicMs, schedule }: WatchOptions): Watch {
  let lookingSinceMs: number | undefined
  let isWanted = false
  let isStopped = false
  let timer = { cancel: (): void => undefined }

  async function turn(): Promise<void> {
    if (lookingSinceMs !== undefined || isStopped) return
    timer.cancel()
    do {
      isWanted = false
      lookingSinceMs = monotonicMs()
      await look()
    } while (isWanted && !isStopped)
    lookingSinceMs = undefined
    if (!isStopped) timer = schedule(pauseMs, () => void turn())
  }

  void turn()
  return {
    nudge() {
      isWanted = true
      void turn()
    },
    lookingMs: () => (lookingSinceMs === undefined ? 0 : monotonicMs() - lookingSinceMs),
    stop() {
      isStopped = true
      timer.cancel()
    },
  }
}
