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
  /** From now on each of these is greater than the given one, which a clock that has been set back since may have made. */
  passRunId(id: string): void
}

/** 24 days. Timers count milliseconds in 31 bits: anything longer would be over at once. */
export const maxTimerMs = 2 ** 31 - 1

export const secondsOf = (timeNs: bigint): number => Number(timeNs / 1_000_000_000n)
export const msOf = (timeNs: bigint): number => Number(timeNs / 1_000_000n)
