/** Lends the workers of one function to its calls: who is idle, who waits, in which order. */

/** Exactly one end: a second one would lend the worker to two calls at once, and does nothing. */
export interface Lease<T> {
  worker: T
  end(): void
}

/** As many calls wait as may. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError'
}

export interface Slots<T> {
  /** The worker is idle: it goes to the call that has waited longest. */
  add(worker: T): void
  /** The worker is lent no more; a running lease of it ends as usual. */
  remove(worker: T): void
  clear(): void
  /** An idle worker, if there is one. */
  take(): Lease<T> | undefined
  /** First come, first served. Rejects with QueueFullError, or with the signal's reason while it waits. */
  wait(signal?: AbortSignal): Promise<Lease<T>>
  /** Turns those away who wait: the first one, or all. */
  rejectFirst(cause: Error): void
  rejectAll(cause: Error): void
  readonly waiting: number
  readonly leased: number
}

interface Waiting<T> {
  resolve(lease: Lease<T>): void
  reject(cause: unknown): void
}

export function createSlots<T>(maxWaiting: number): Slots<T> {
  const members = new Set<T>()
  // The one used last is used next: its memory is warm, and the others can retire.
  const idle: T[] = []
  const queue = new Set<Waiting<T>>()
  let leased = 0

  function lend(worker: T): Lease<T> {
    leased += 1
    let over = false
    return {
      worker,
      end: () => {
        if (over) return
        over = true
        leased -= 1
        if (members.has(worker)) offer(worker)
      },
    }
  }

  function offer(worker: T): void {
    const [first] = queue
    if (!first) {
      idle.push(worker)
      return
    }
    queue.delete(first)
    first.resolve(lend(worker))
  }

  function reject(waiting: Waiting<T>, cause: unknown): void {
    if (queue.delete(waiting)) waiting.reject(cause)
  }

  return {
    add: worker => {
      members.add(worker)
      offer(worker)
    },
    remove: worker => {
      members.delete(worker)
      const index = idle.indexOf(worker)
      if (index >= 0) idle.splice(index, 1)
    },
    clear: () => {
      members.clear()
      idle.length = 0
    },
    take: () => {
      const worker = idle.pop()
      return worker === undefined ? undefined : lend(worker)
    },
    wait: signal => {
      if (queue.size >= maxWaiting) return Promise.reject(new QueueFullError(`${queue.size} calls are waiting already`))
      const { promise, ...waiting } = Promise.withResolvers<Lease<T>>()
      queue.add(waiting)
      signal?.addEventListener('abort', () => reject(waiting, signal.reason), { once: true })
      return promise
    },
    rejectFirst: cause => {
      const [first] = queue
      if (first) reject(first, cause)
    },
    rejectAll: cause => {
      for (const waiting of queue) reject(waiting, cause)
    },
    get waiting() {
      return queue.size
    },
    get leased() {
      return leased
    },
  }
}
