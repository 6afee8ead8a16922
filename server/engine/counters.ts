/** Counts what happened since the server started, for metrics. */
import type { ExecutionCounters, Outcome } from '../core/execution.ts'

export interface Counters {
  call(outcome: Outcome): void
  busy(): void
  /** A function got a container: one that was ready, or one that was started for it. */
  wake(waited: boolean): void
  lost(): void
  snapshot(): ExecutionCounters
}

export function createCounters(): Counters {
  const counted: ExecutionCounters = {
    coldStarts: 0,
    warmStarts: 0,
    lostContainers: 0,
    calls: { ok: 0, InputError: 0, FunctionError: 0, SystemError: 0, busy: 0 },
  }
  return {
    call: outcome => {
      counted.calls[outcome.ok ? 'ok' : outcome.error.type] += 1
    },
    busy: () => {
      counted.calls.busy += 1
    },
    wake: waited => {
      counted[waited ? 'coldStarts' : 'warmStarts'] += 1
    },
    lost: () => {
      counted.lostContainers += 1
    },
    snapshot: () => ({ ...counted, calls: { ...counted.calls } }),
  }
}
