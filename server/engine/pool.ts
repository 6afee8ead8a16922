/** Keeps generic containers of one image ready, so that waking a function costs no container start. */

import { planRetryMs } from '../core/backoff.ts'
import { messageOf } from '../core/errors.ts'
import type { RuntimeContainer } from './container.ts'
import type { EngineLog } from './options.ts'

export interface PoolOptions {
  size: number
  startsAtOnce: number
  /** How long a pool that is not empty waits before it replaces what was taken. */
  refillPauseMs: number
  start(): Promise<RuntimeContainer>
  log: EngineLog
}

export interface Pool {
  /** A ready container, or the next one that becomes ready; rejects when the start meant for it fails. */
  take(): Promise<RuntimeContainer>
  /** Starts what is missing, or gives up what waits beyond it; takers are served all the same. */
  resize(size: number): void
  readonly ready: number
  readonly starting: number
  /** Something is still to be started or removed. */
  readonly busy: boolean
  /** Gives up everything that is not taken, also what is just being started. */
  close(): Promise<void>
}

interface Taker {
  resolve(container: RuntimeContainer): void
  reject(cause: unknown): void
}

export function createPool({ startsAtOnce, refillPauseMs, start, log, ...options }: PoolOptions): Pool {
  let { size } = options
  const ready: RuntimeContainer[] = []
  const takers: Taker[] = []
  const starting = new Set<Promise<void>>()
  const removing = new Set<Promise<void>>()
  let failures = 0
  let retry: NodeJS.Timeout | undefined
  let refill: NodeJS.Timeout | undefined
  let closed = false

  function fill(): void {
    // While Docker is failing only those who wait are tried for; the pool itself waits for the retry.
    const wanted = takers.length + (retry ? 0 : size)
    while (!closed && ready.length + starting.size < wanted && starting.size < startsAtOnce) begin()
  }

  /** Whoever took a container loads code into it and calls it: beside the start of another one, that would take twice as long. */
  function refillLater(): void {
    refill ??= setTimeout(() => {
      refill = undefined
      fill()
    }, refillPauseMs)
  }

  function begin(): void {
    const attempt = start()
      .then(succeed, fail)
      .finally(() => {
        starting.delete(attempt)
        fill()
      })
    starting.add(attempt)
  }

  async function succeed(container: RuntimeContainer): Promise<void> {
    failures = 0
    if (closed) return container.remove()
    const taker = takers.shift()
    if (taker) return taker.resolve(container)
    ready.push(container)
    void container.lost.then(reason => discard(container, reason))
    trim()
  }

  function trim(): void {
    for (const container of ready.splice(size)) remove(container)
  }

  function remove(container: RuntimeContainer): void {
    const removed = container.remove().finally(() => removing.delete(removed))
    removing.add(removed)
  }

  /** A container that is lost while nobody has it: another one takes its place. */
  function discard(container: RuntimeContainer, reason: string): void {
    const index = ready.indexOf(container)
    if (index < 0) return
    ready.splice(index, 1)
    log.warn({ container: container.id, reason }, 'lost a waiting container; starting another')
    remove(container)
    fill()
  }

  function fail(cause: unknown): void {
    failures += 1
    takers.shift()?.reject(cause)
    if (closed || retry) return
    const retryMs = planRetryMs(failures)
    log.warn({ cause: messageOf(cause), retryMs }, 'could not start a container; trying again')
    retry = setTimeout(() => {
      retry = undefined
      fill()
    }, retryMs)
  }

  fill()
  return {
    take: () => {
      if (closed) return Promise.reject(new Error('the image is not in use any more'))
      const container = ready.shift()
      const { promise, resolve, reject } = Promise.withResolvers<RuntimeContainer>()
      if (container) resolve(container)
      else takers.push({ resolve, reject })
      if (ready.length > 0) refillLater()
      else fill()
      return promise
    },
    resize: wanted => {
      size = wanted
      trim()
      fill()
    },
    get ready() {
      return ready.length
    },
    get starting() {
      return starting.size
    },
    get busy() {
      return takers.length + starting.size + removing.size > 0 || retry !== undefined || refill !== undefined
    },
    close: async () => {
      closed = true
      size = 0
      trim()
      clearTimeout(retry)
      clearTimeout(refill)
      for (const taker of takers.splice(0)) taker.reject(new Error('the server is shutting down'))
      await Promise.all([...starting, ...removing])
    },
  }
}
