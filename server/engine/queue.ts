/** The calls of one function that wait for a worker: first come, first served, bounded in number, in memory and in time. */
import { BusyError } from '../core/execution.ts'
import { mebibyte } from './options.ts'

/** Its own deadline passed while the call waited. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'
}

/** The calls that wait, of all functions together. */
export interface WaitingRoom {
  count: number
  /** Of their contexts and payloads. */
  bytes: number
}

export interface WaitOptions {
  /** Of the call's context and payload, which are kept meanwhile. */
  bytes: number
  deadlineInMs?: number | undefined
}

export interface QueueOptions {
  limits: { maxWaiting: number; maxWaitingInAll: number; maxWaitingBytes: number; waitMs: number }
  room: WaitingRoom
  /** Never jumps, as the time of day may. */
  elapsedMs(): number
}

export interface Queue<T> {
  /**
   * Rejects with BusyError when it is full or the wait too long, with DeadlineError after `deadlineInMs`. Full is at half of all
   * that may wait at the latest; the first call always finds room.
   */
  wait(options: WaitOptions): Promise<T>
  /** Serves the one who has waited longest; `make` is called only when there is one. */
  serve(make: () => T): boolean
  /** Turns those away who wait. */
  rejectAll(cause: Error): void
  readonly size: number
}

interface Waiting<T> {
  resolve(value: T): void
  reject(cause: Error): void
  sinceMs: number
  dueMs: number
  hasDeadline: boolean
  bytes: number
}

const maxRetryAfterSeconds = 60

/** Whole seconds, as the header wants them, and at most a minute. */
export const planRetryAfterSeconds = (waitMs: number): number =>
  Math.min(maxRetryAfterSeconds, Math.max(1, Math.ceil(waitMs / 1000)))

export function createQueue<T>({ limits, room, elapsedMs }: QueueOptions): Queue<T> {
  let waiting: Waiting<T>[] = []
  let timer: NodeJS.Timeout | undefined
  let timerDueMs = Number.POSITIVE_INFINITY
  let lastWaitMs = 0

  /** Who comes again then finds the queue moved on by about its present length. */
  const retryAfterSeconds = () => planRetryAfterSeconds(lastWaitMs)

  function leave({ bytes }: Waiting<T>): void {
    room.count -= 1
    room.bytes -= bytes
  }

  function shift(): Waiting<T> | undefined {
    const first = waiting.shift()
    if (first) leave(first)
    return first
  }

  /** One timer for all: it goes off at the earliest time that somebody's patience ends. */
  function arm(dueMs: number): void {
    if (dueMs >= timerDueMs) return
    clearTimeout(timer)
    timerDueMs = dueMs
    timer = setTimeout(turnOverdueAway, Math.max(0, Math.ceil(dueMs - elapsedMs()))).unref()
  }

  function turnOverdueAway(): void {
    timerDueMs = Number.POSITIVE_INFINITY
    const nowMs = elapsedMs()
    const overdue = waiting.filter(({ dueMs }) => dueMs <= nowMs)
    waiting = waiting.filter(({ dueMs }) => dueMs > nowMs)
    overdue.forEach(leave)
    for (const { reject, hasDeadline } of overdue) reject(hasDeadline ? new DeadlineError() : tooLong())
    if (waiting.length > 0) arm(Math.min(...waiting.map(({ dueMs }) => dueMs)))
  }

  function tooLong(): BusyError {
    lastWaitMs = limits.waitMs
    return new BusyError(`no worker became free within ${limits.waitMs / 1000} s`, retryAfterSeconds())
  }

  function refuse(bytes: number): BusyError | undefined {
    // However full it is, a function that has none in it must find room, or it could not even wake.
    if (waiting.length === 0) return undefined
    const { maxWaitingInAll, maxWaitingBytes } = limits
    const maxWaiting = Math.min(limits.maxWaiting, Math.floor(maxWaitingInAll / 2))
    if (waiting.length >= maxWaiting)
      return new BusyError(`${waiting.length} calls are waiting already`, retryAfterSeconds())
    if (room.count >= maxWaitingInAll)
      return new BusyError(`${room.count} calls of all functions are waiting already`, retryAfterSeconds())
    if (room.bytes + bytes > maxWaitingBytes) {
      const held = `calls with ${Math.round(room.bytes / mebibyte)} MiB of input are waiting already`
      return new BusyError(held, retryAfterSeconds())
    }
    return undefined
  }

  return {
    wait: ({ bytes, deadlineInMs }) => {
      const refusal = refuse(bytes)
      if (refusal) return Promise.reject(refusal)
      const hasDeadline = deadlineInMs !== undefined && deadlineInMs < limits.waitMs
      const sinceMs = elapsedMs()
      const dueMs = sinceMs + (hasDeadline ? deadlineInMs : limits.waitMs)
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      waiting.push({ resolve, reject, sinceMs, dueMs, hasDeadline, bytes })
      room.count += 1
      room.bytes += bytes
      arm(dueMs)
      return promise
    },
    serve: make => {
      const first = shift()
      if (!first) return false
      lastWaitMs = elapsedMs() - first.sinceMs
      first.resolve(make())
      return true
    },
    rejectAll: cause => {
      for (let first = shift(); first; first = shift()) first.reject(cause)
    },
    get size() {
      return waiting.length
    },
  }
}
