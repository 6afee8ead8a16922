/** The server's end of one worker: a process inside a container that answers one call at a time. */
import type { Connection } from './connection.ts'
import type { CallError, FromRuntime, ToRuntime } from './messages.ts'
import type { ProcessEnd } from './outcomes.ts'
import { createWatch, type Watch } from './watch.ts'

/** How a worker ended; `lost` when its whole container is gone. */
export type WorkerEnd = { kind: 'exited'; end: ProcessEnd; logs: Buffer[] } | { kind: 'lost'; reason: string }

export type CallEnd = { kind: 'result'; output: Buffer; error: CallError | undefined; logs: Buffer[] } | WorkerEnd

export interface Worker {
  readonly number: number
  readonly ended: Promise<WorkerEnd>
  /** Resolves as soon as its end is certain or asked for: from then on no further call may be made. */
  readonly leaving: Promise<void>
  /** Never rejects. One call at a time: the next one only after this one has ended. */
  call(contextJson: string, payloadJson: string): Promise<CallEnd>
  /** Of the call under way; to be ended with it. */
  readonly watch: Pick<Watch, 'begin' | 'end'>
  /** Kills its process group; a running call ends as `exited` with the lines printed so far. */
  kill(): void
}

/** A worker together with what only its container tells it. */
export interface WorkerSeat {
  worker: Worker
  /** Throws when no call waits for this result. */
  receive(result: Extract<FromRuntime, { type: 'result' }>): void
  printed: Watch['receive']
  exited(end: ProcessEnd, logs: Buffer[]): void
  hungUp(): void
  lost(reason: string): void
}

export interface WorkerOptions {
  number: number
  connection: Connection
  /** Speaks to the control process. */
  send(message: ToRuntime): void
  /** Gives the whole container up: its control process does not say what it must. */
  fail(reason: string): void
  graceMs: number
  logBytes: number
}

export function createWorker(options: WorkerOptions): WorkerSeat {
  const { number, connection, send, fail, graceMs } = options
  const watch = createWatch({
    start: watched => send({ type: 'watch', worker: number, watch: watched }),
    stop: watched => send({ type: 'unwatch', worker: number, watch: watched }),
    maxBytes: options.logBytes,
  })
  const ended = Promise.withResolvers<WorkerEnd>()
  const leaving = Promise.withResolvers<void>()
  let end: WorkerEnd | undefined
  let exit: WorkerEnd | undefined
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let lastId = 0
  let settle: ((end: CallEnd) => void) | undefined

  function expectWithinGrace(otherwise: () => void): void {
    clearTimeout(timer)
    timer = setTimeout(otherwise, graceMs)
  }

  function finish(how: WorkerEnd): void {
    if (end) return
    end = how
    clearTimeout(timer)
    connection.close()
    // In this order: whoever keeps the workers strikes it off before its last call ends and it could be lent again.
    leaving.resolve()
    ended.resolve(how)
    settle?.(how)
  }

  /** A result that is on its way already still ends the running call. */
  function killOr(failure: string): void {
    leaving.resolve()
    send({ type: 'kill', worker: number })
    expectWithinGrace(() => fail(failure))
  }

  const worker: Worker = {
    number,
    ended: ended.promise,
    leaving: leaving.promise,
    watch,
    call: (contextJson, payloadJson) => {
      if (end) return Promise.resolve(end)
      const { promise, resolve } = Promise.withResolvers<CallEnd>()
      settle = resolve
      lastId += 1
      connection.send({ type: 'call', id: lastId }, [contextJson, payloadJson])
      return promise
    },
    kill: () => {
      if (!end) killOr(`worker ${number} did not die`)
    },
  }
  return {
    worker,
    printed: watch.receive,
    receive: ({ id, output, error, logs }) => {
      if (!settle || id !== lastId) throw new Error(`worker ${number} answered call ${id}, which nobody made`)
      const resolve = settle
      settle = undefined
      resolve({ kind: 'result', output, error, logs })
    },
    // Over only when the connection is closed as well: a result that was written just before the exit is read by then.
    exited: (how, logs) => {
      const exited: WorkerEnd = { kind: 'exited', end: how, logs }
      exit = exited
      leaving.resolve()
      if (closed) finish(exited)
      // A process that the function left behind may hold the connection open; the worker itself is gone.
      else expectWithinGrace(() => finish(exited))
    },
    hungUp: () => {
      closed = true
      if (exit) finish(exit)
      // It is ending, and this changes nothing; or it closed its connection and runs on.
      else killOr(`worker ${number} hung up, and nobody said why`)
    },
    lost: reason => finish({ kind: 'lost', reason }),
  }
}
