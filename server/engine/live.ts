/** Which calls are under way on which worker, and who follows what they print. */
import type { Execution, LineListener } from '../core/execution.ts'
import type { Worker } from './worker.ts'

type Watched = Pick<Worker, 'watch' | 'capacity'>

export interface Live {
  /** A worker has the call. */
  begin(runId: string, worker: Watched): void
  end(runId: string): void
  follow: Execution['follow']
}

export function createLive(): Live {
  const workers = new Map<string, Watched>()
  const listeners = new Map<string, LineListener>()
  return {
    begin: (runId, worker) => {
      // What a process with several calls prints cannot be told apart from outside: it comes with each result.
      if (worker.capacity > 1) return
      workers.set(runId, worker)
      // Nobody follows, mostly.
      if (listeners.size === 0) return
      const listener = listeners.get(runId)
      if (listener) worker.watch.begin(listener)
    },
    end: runId => {
      if (listeners.has(runId)) workers.get(runId)?.watch.end()
      workers.delete(runId)
    },
    follow: (runId, listener) => {
      listeners.set(runId, listener)
      workers.get(runId)?.watch.begin(listener)
      return () => {
        if (listeners.get(runId) !== listener) return
        listeners.delete(runId)
        workers.get(runId)?.watch.end()
      }
    },
  }
}
