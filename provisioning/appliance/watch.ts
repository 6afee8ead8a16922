/** Calls a look again and again, and at once when something has happened; never two at the same time. */

export interface Watch {
  /** Look now, or right after the look that is under way. */
  nudge(): void
  stop(): void
}

export interface WatchOptions {
  look(): Promise<void>
  /** Until the next look without a nudge. */
  pauseMs(): number
  schedule(afterMs: number, work: () => void): { cancel(): void }
}

export function watch({ look, pauseMs, schedule }: WatchOptions): Watch {
  let isLooking = false
  let isWanted = false
  let isStopped = false
  let timer = { cancel: (): void => undefined }

  async function turn(): Promise<void> {
    if (isLooking || isStopped) return
    isLooking = true
    timer.cancel()
    do {
      isWanted = false
      await look()
    } while (isWanted && !isStopped)
    isLooking = false
    if (!isStopped) timer = schedule(pauseMs(), () => void turn())
  }

  void turn()
  return {
    nudge() {
      isWanted = true
      void turn()
    },
    stop() {
      isStopped = true
      timer.cancel()
    },
  }
}
