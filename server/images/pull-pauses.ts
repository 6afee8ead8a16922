/** Owns when a base image that could not be pulled is pulled again: after growing pauses, whatever wakes its loop meanwhile. */
export interface PullPauses {
  /** How long the reference is still left alone; undefined: it may be pulled now. */
  remainingMs(key: string, reference: string): number | undefined
  /** Returns how long it is left alone from now on. */
  failed(key: string, reference: string): number
  /** It may be pulled at once. */
  forget(key: string): void
}

export interface PullPausesOptions {
  /** From any beginning. */
  nowMs(): number
  /** `failures`: in a row, at least 1. */
  retryMsAfter(failures: number): number
}

interface Failed {
  reference: string
  failures: number
  retryAtMs: number
}

export function createPullPauses({ nowMs, retryMsAfter }: PullPausesOptions): PullPauses {
  const held = new Map<string, Failed>()
  const find = (key: string, reference: string): Failed | undefined => {
    const found = held.get(key)
    return found?.reference === reference ? found : undefined
  }
  return {
    remainingMs: (key, reference) => {
      const leftMs = (find(key, reference)?.retryAtMs ?? -Infinity) - nowMs()
      return leftMs > 0 ? leftMs : undefined
    },
    failed: (key, reference) => {
      const failures = (find(key, reference)?.failures ?? 0) + 1
      const pauseMs = retryMsAfter(failures)
      held.set(key, { reference, failures, retryAtMs: nowMs() + pauseMs })
      return pauseMs
    },
    forget: key => void held.delete(key),
  }
}
