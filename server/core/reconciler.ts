/**
 * The loop that brings resources from what is to what is wanted. Level-triggered: a key is looked at when something
 * changed, at start and at every resync, so that a lost signal or a crash only costs time. One key is never worked on
 * twice at once, and a failure of one is retried with growing pauses without holding up the others.
 */
import { planRetryMs } from './backoff.ts'

export interface ReconcilerOptions {
  /** All keys that exist now, for start and resync. */
  listKeys(): Promise<string[]>
  /** Does what is left to do for the key; must be safe to repeat. */
  reconcile(key: string): Promise<void>
  onError(key: string, thrown: unknown): void
  resyncMs: number
  maxParallel: number
  /** Work that takes longer makes room for other keys, as many again: not for all, since slow work makes other work slow. */
  slowMs?: number | undefined
}

/** Keys are `org/name`: an organization may hold any character, a name no slash. */
export const keyOf = (entity: { org: string; name: string }): string => `${entity.org}/${entity.name}`

export function parseKey(key: string): { org: string; name: string } {
  const cut = key.lastIndexOf('/')
  return { org: key.slice(0, cut), name: key.slice(cut + 1) }
}

export interface Reconciler {
  wake(key: string): void
  /** Takes the place of the last one for the key. */
  wakeLater(key: string, ms: number): void
  wakeAll(): Promise<void>
  /** Stops taking work and waits for what is under way. */
  stop(): Promise<void>
}

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const waiting = new Set<string>()
  const active = new Map<string, Promise<void>>()
  /** Those of them that take longer. */
  const slow = new Set<string>()
  const failures = new Map<string, number>()
  /** One for each key: those that are woken again and again while they fail must not be tried ever more often. */
  const retries = new Map<string, NodeJS.Timeout>()
  const later = new Map<string, NodeJS.Timeout>()
  let stopped = false

  const wakeAfter = (timers: Map<string, NodeJS.Timeout>, key: string, ms: number): void => {
    if (stopped) return
    clearTimeout(timers.get(key))
    const ring = () => {
      timers.delete(key)
      wake(key)
    }
    timers.set(key, setTimeout(ring, ms))
  }

  const retryLater = (key: string): void => {
    const count = (failures.get(key) ?? 0) + 1
    failures.set(key, count)
    wakeAfter(retries, key, planRetryMs(count))
  }

  const succeed = (key: string): void => {
    failures.delete(key)
    clearTimeout(retries.get(key))
    retries.delete(key)
  }

  const makeRoom = (key: string): void => {
    slow.add(key)
    pump()
  }

  const work = async (key: string): Promise<void> => {
    const timer = options.slowMs === undefined ? undefined : setTimeout(makeRoom, options.slowMs, key)
    try {
      await options.reconcile(key)
      succeed(key)
    } catch (thrown) {
      options.onError(key, thrown)
      retryLater(key)
    }
    clearTimeout(timer)
    slow.delete(key)
    active.delete(key)
    pump()
  }

  const pump = (): void => {
    for (const key of waiting) {
      if (stopped || active.size - Math.min(slow.size, options.maxParallel) >= options.maxParallel) return
      if (active.has(key)) continue
      waiting.delete(key)
      active.set(key, work(key))
    }
  }

  const wake = (key: string): void => {
    if (stopped) return
    waiting.add(key)
    pump()
  }

  const wakeAll = async (): Promise<void> => {
    for (const key of await options.listKeys()) wake(key)
  }

  const resync = setInterval(() => {
    wakeAll().catch(thrown => options.onError('resync', thrown))
  }, options.resyncMs)

  return {
    wake,
    wakeLater: (key, ms) => wakeAfter(later, key, ms),
    wakeAll,
    stop: async () => {
      stopped = true
      clearInterval(resync)
      for (const timer of [...retries.values(), ...later.values()]) clearTimeout(timer)
      await Promise.all(active.values())
    },
  }
}
