/** Time and identity come from outside, so that plans and tests stay deterministic. */
export interface Clock {
  /** Unix time in nanoseconds, strictly increasing between calls of one process. */
  nowNs(): bigint
}

/** Time as somebody may set it, ahead and back: what schedules go by. */
export interface WallClock {
  /** Unix time. */
  nowMs(): number
  /** Calls back once, after so long by an even clock; returns what keeps it from that. */
  ring(afterMs: number, call: () => void): () => void
}

export interface Ids {
  /** A random UUID (version 4) for entities and revisions. */
  uuid(): string
  /** A time-ordered UUID (version 7): runs are stored in key order, which keeps the index hot at its end. */
  runId(): string
}

export const secondsOf = (timeNs: bigint): number => Number(timeNs / 1_000_000_000n)
export const msOf = (timeNs: bigint): number => Number(timeNs / 1_000_000n)
