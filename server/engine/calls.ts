/** The calls that one worker has: which are under way, and what becomes of those that are late. */
import type { Connection } from './connection.ts'
import type { CallError } from './messages.ts'
import type { ProcessEnd } from './outcomes.ts'

/** How a worker ended; `lost` when its whole container is gone. */
export type WorkerEnd = { kind: 'exited'; end: ProcessEnd; logs: Buffer[] } | { kind: 'lost'; reason: string }

export type CallEnd = { kind: 'result'; output: Buffer; error: CallError | undefined; logs: Buffer[] } | WorkerEnd

export interface CallsOptions {
  send: Connection['send']
  /** How long the worker may take to answer for a call that was cancelled. */
  graceMs: number
  /** It did not: something in it holds everything up. */
  onDeaf(): void
}

export interface Calls {
  begin(contextJson: string, payloadJson: string): Promise<CallEnd>
  /** Ends the call with what it printed so far, if the worker tells it soon; without otherwise. */
  cancel(call: Promise<CallEnd>): void
  /** False: nobody made that call. */
  settle(id: number, end: CallEnd): boolean
  endAll(end: CallEnd): void
}

interface Open {
  promise: Promise<CallEnd>
  resolve(end: CallEnd): void
  timers?: NodeJS.Timeout[]
}

/** The caller waits for the lines of its late call no longer than this. */
const linesMs = 100
const nothing: CallEnd = { kind: 'result', output: Buffer.alloc(0), error: undefined, logs: [] }

export function createCalls({ send, graceMs, onDeaf }: CallsOptions): Calls {
  const open = new Map<number, Open>()
  let lastId = 0

  function close(id: number, { timers, resolve }: Open, end: CallEnd): void {
    open.delete(id)
    timers?.forEach(clearTimeout)
    resolve(end)
  }

  return {
    begin: (contextJson, payloadJson) => {
      const { promise, resolve } = Promise.withResolvers<CallEnd>()
      lastId += 1
      open.set(lastId, { promise, resolve })
      send({ type: 'call', id: lastId }, [contextJson, payloadJson])
      return promise
    },
    cancel: call => {
      for (const [id, each] of open) {
        if (each.promise !== call) continue
        send({ type: 'cancel', id })
        // It stays open until the worker has answered for it: a result that comes later is still that of a known call.
        each.timers = [setTimeout(each.resolve, linesMs, nothing), setTimeout(onDeaf, graceMs)]
      }
    },
    settle: (id, end) => {
      const known = open.get(id)
      if (known) close(id, known, end)
      return known !== undefined
    },
    endAll: end => {
      for (const [id, each] of open) close(id, each, end)
    },
  }
}
