/** The server's end of a container's control process: has workers started and killed, and follows what becomes of each. */
import { FunctionLoadError } from '../core/execution.ts'
import type { Connection } from './connection.ts'
import type { FromRuntime, ToRuntime } from './messages.ts'
import type { EngineLimits } from './options.ts'
import { describeEnd } from './outcomes.ts'
import { createWorker, type Worker, type WorkerSeat } from './worker.ts'

/** The container went away; what was going on in it may be tried in another one. */
export class ContainerLostError extends Error {
  override readonly name = 'ContainerLostError'
}

export interface LoadRequest {
  handler: string
  /** Calls that the function answers at the same time; a worker may take several of them. */
  concurrency: number
}

export interface ControlOptions {
  send(message: ToRuntime): void
  /** Gives the whole container up. */
  fail(reason: string): void
  limits: EngineLimits
}

export interface Control {
  /** Both reject with FunctionLoadError when the code is at fault, with ContainerLostError when the container is. */
  load(request: LoadRequest): Promise<Worker>
  startWorker(): Promise<Worker>
  /** A worker has connected and is ready. Throws when it was not asked for. */
  seat(number: number, capacity: number, connection: Connection): WorkerSeat
  /** Throws when it is not for the control process to say. */
  receive(message: FromRuntime): void
  lose(reason: string): void
}

interface Starting {
  resolve(worker: Worker): void
  reject(cause: Error): void
}

export function createControl({ send, fail, limits }: ControlOptions): Control {
  const starting = new Map<number, Starting>()
  const seats = new Map<number, WorkerSeat>()
  let last = 0
  let lostReason: string | undefined

  function start(messageFor: (worker: number) => ToRuntime): Promise<Worker> {
    if (lostReason !== undefined) return Promise.reject(new ContainerLostError(lostReason))
    last += 1
    const number = last
    const { promise, resolve, reject } = Promise.withResolvers<Worker>()
    const timer = setTimeout(() => {
      reject(loadError(`it was not imported within ${limits.loadTimeoutMs / 1000} s`))
      fail('a worker took too long to import its handler')
    }, limits.loadTimeoutMs)
    starting.set(number, { resolve, reject })
    send(messageFor(number))
    return promise.finally(() => {
      clearTimeout(timer)
      starting.delete(number)
    })
  }

  function workerExited({ worker, logs, ...end }: Extract<FromRuntime, { type: 'exited' }>): void {
    const seat = seats.get(worker)
    seats.delete(worker)
    if (seat) seat.exited(end, logs)
    else starting.get(worker)?.reject(loadError(`its process ${describeEnd(end)} while importing it`))
  }

  return {
    load: request => {
      const { logBytes, outputBytes, pieceBytes, recordedBytes } = limits
      return start(worker => ({ type: 'load', ...request, worker, logBytes, outputBytes, pieceBytes, recordedBytes }))
    },
    startWorker: () => start(worker => ({ type: 'start', worker })),
    seat: (number, capacity, connection) => {
      const waiting = starting.get(number)
      if (!waiting) throw new Error(`worker ${number} was not asked for`)
      starting.delete(number)
      const seat = createWorker({ number, capacity, connection, send, fail, limits })
      seats.set(number, seat)
      waiting.resolve(seat.worker)
      return seat
    },
    receive: message => {
      if (message.type === 'exited') return workerExited(message)
      // A worker that has ended in the meantime has no seat any more.
      if (message.type === 'printed') return seats.get(message.worker)?.printed(message.watch, message.logs)
      if (message.type !== 'load-failed') throw new Error(`the control process sent "${message.type}"`)
      for (const { reject } of starting.values()) reject(new FunctionLoadError(message.message))
    },
    lose: reason => {
      lostReason = reason
      for (const { reject } of starting.values()) reject(new ContainerLostError(reason))
      for (const seat of seats.values()) seat.lost(reason)
      seats.clear()
    },
  }
}

const loadError = (why: string): FunctionLoadError => new FunctionLoadError(`Invalid function file or handler: ${why}`)
