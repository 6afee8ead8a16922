/** The server's end of one worker: a process inside a container that answers one call at a time, or several at once. */
import { type CallEnd, type CallRequest, createCalls, type WorkerEnd } from './calls.ts'
import type { Connection } from './connection.ts'
import type { FromRuntime, ToRuntime } from './messages.ts'
import type { EngineLimits } from './options.ts'
import type { ProcessEnd } from './outcomes.ts'
import { createWatch, type Watch } from './watch.ts'

export interface Worker {
  readonly number: number
  /** Calls that it takes at once. */
  readonly capacity: number
  readonly ended: Promise<WorkerEnd>
  /** Resolves as soon as its end is certain or asked for: from then on no further call may be made. */
  readonly leaving: Promise<void>
  /** The same, known in the tick in which it happens. */
  readonly isLeaving: boolean
  /** Never rejects. Not more calls at once than its capacity. */
  call(request: CallRequest): Promise<CallEnd>
  /**
   * The call is late, and ends at once with what it printed so far. Alone in its process it ends by `kill`; among others it ends
   * without harm to them, as long as the process still responds.
   */
  giveUp(call: Promise<CallEnd>): void
  /** Of the call under way; to be ended with it. */
  readonly watch: Pick<Watch, 'begin' | 'end'>
  /** Kills its process group; every running call ends as `exited` with the lines printed so far. */
  kill(): void
}

const blind: Worker['watch'] = { begin: () => undefined, end: () => undefined }

/** A worker together with what only its container tells it. */
export interface WorkerSeat {
  worker: Worker
  /** Throws when it answers no call, or is not for a worker to say. */
  receive(message: FromRuntime): void
  printed: Watch['receive']
  exited(end: ProcessEnd, logs: Buffer[]): void
  hungUp(): void
  lost(reason: string): void
}

export interface WorkerOptions {
  number: number
  capacity: number
  connection: Connection
  /** Speaks to the control process. */
  send(message: ToRuntime): void
  /** Gives the whole container up: its control process does not say what it must. */
  fail(reason: string): void
  limits: Pick<EngineLimits, 'graceMs' | 'logBytes' | 'pieceBytes'>
}

export function createWorker(options: WorkerOptions): WorkerSeat {
  const { number, capacity, connection, send, fail } = options
  const { graceMs, logBytes, pieceBytes } = options.limits
  const watch = createWatch({
    start: watched => send({ type: 'watch', worker: number, watch: watched }),
    stop: watched => send({ type: 'unwatch', worker: number, watch: watched }),
    maxBytes: logBytes,
  })
  const ended = Promise.withResolvers<WorkerEnd>()
  const leaving = Promise.withResolvers<void>()
  let isLeaving = false
  let end: WorkerEnd | undefined
  let exit: WorkerEnd | undefined
  let closed = false
  let timer: NodeJS.Timeout | undefined
  const calls = createCalls({
    send: connection.send,
    graceMs,
    pieceBytes,
    onDeaf: () => end || killOr(`worker ${number} did not die`),
  })

  function leave(): void {
    isLeaving = true
    leaving.resolve()
  }

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
    leave()
    ended.resolve(how)
    // What is printed by a process with several calls is nobody's once they cannot be told apart.
    calls.endAll(how.kind === 'exited' && capacity > 1 ? { ...how, logs: [] } : how)
  }

  /** Results that are on their way already still end their calls. */
  function killOr(failure: string): void {
    leave()
    send({ type: 'kill', worker: number })
    expectWithinGrace(() => fail(failure))
  }

  const worker: Worker = {
    number,
    capacity,
    ended: ended.promise,
    leaving: leaving.promise,
    get isLeaving() {
      return isLeaving
    },
    // What several calls print cannot be told apart from outside their process.
    watch: capacity > 1 ? blind : watch,
    call: request => (end ? Promise.resolve(end) : calls.begin(request)),
    giveUp: call => (capacity > 1 ? calls.cancel(call) : worker.kill()),
    kill: () => {
      if (!end) killOr(`worker ${number} did not die`)
    },
  }
  return {
    worker,
    printed: watch.receive,
    receive: message => {
      if (message.type !== 'result' && message.type !== 'piece')
        throw new Error(`worker ${number} sent "${message.type}"`)
      const isAwaited = message.type === 'result' ? calls.settle(message) : calls.take(message)
      if (!isAwaited) throw new Error(`worker ${number} sent a ${message.type} that call ${message.id} does not await`)
    },
    // Over only when the connection is closed as well: a result that was written just before the exit is read by then.
    exited: (how, logs) => {
      const exited: WorkerEnd = { kind: 'exited', end: how, logs }
      exit = exited
      leave()
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
