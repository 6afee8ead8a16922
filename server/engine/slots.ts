/** Lends the workers of one function to its calls: who is free, and for how many calls. */
import type { Queue } from './queue.ts'

/** Exactly one end: a second one would lend the worker to two calls at once, and does nothing. */
export interface Lease<T> {
  worker: T
  end(): void
}

export interface Slots<T> {
  /** The worker takes so many calls at once: those that have waited longest get it. */
  add(worker: T, capacity: number): void
  /** The worker is gone; running leases of it end as usual. */
  remove(worker: T): void
  /** The worker is lent no more; `whenFree` is called once it has no lease: mostly at once. */
  retire(worker: T, whenFree: () => void): void
  clear(): void
  /** A worker with room for a call, if there is one. */
  take(): Lease<T> | undefined
  /** A worker without any call, the one that is needed least. */
  findIdle(): T | undefined
  /** How many workers had no call all the time since this was last asked. */
  takeLowWater(): number
  /** Calls under way. */
  readonly leased: number
}

interface Entry<T> {
  worker: T
  capacity: number
  calls: number
  /** False: it is lent no more. */
  member: boolean
  whenFree?: () => void
}

export interface SlotsOptions<T> {
  queue: Pick<Queue<Lease<T>>, 'serve'>
  /** A call has ended: the time to retire its worker, before it is lent again. */
  afterCall(worker: T): void
}

export function createSlots<T>({ queue, afterCall }: SlotsOptions<T>): Slots<T> {
  const entries = new Map<T, Entry<T>>()
  // Those with room. The one used last is used next: its memory is warm, and the others can retire.
  const free: Entry<T>[] = []
  let idle = 0
  let lowWater = 0
  let leased = 0

  function lend(entry: Entry<T>): Lease<T> {
    if (entry.calls === 0) idle -= 1
    if (idle < lowWater) lowWater = idle
    entry.calls += 1
    leased += 1
    let over = false
    const end = () => {
      if (over) return
      over = true
      giveBack(entry)
    }
    return { worker: entry.worker, end }
  }

  function giveBack(entry: Entry<T>): void {
    leased -= 1
    const wasFull = entry.calls === entry.capacity
    entry.calls -= 1
    if (entry.member && entry.calls === 0) idle += 1
    if (entry.member) afterCall(entry.worker)
    if (entry.member) offer(entry, wasFull)
    else if (entry.calls === 0) entry.whenFree?.()
  }

  function offer(entry: Entry<T>, join: boolean): void {
    while (entry.calls < entry.capacity && queue.serve(() => lend(entry)));
    const isFull = entry.calls === entry.capacity
    if (join && !isFull) free.push(entry)
    if (!join && isFull) leave(entry)
  }

  function leave(entry: Entry<T>): void {
    const index = free.lastIndexOf(entry)
    if (index >= 0) free.splice(index, 1)
  }

  function strike(entry: Entry<T>): void {
    if (entry.member && entry.calls === 0) idle -= 1
    lowWater = Math.min(lowWater, idle)
    entry.member = false
    entries.delete(entry.worker)
    leave(entry)
  }

  return {
    add: (worker, capacity) => {
      const entry: Entry<T> = { worker, capacity, calls: 0, member: true }
      entries.set(worker, entry)
      idle += 1
      offer(entry, true)
    },
    remove: worker => {
      const entry = entries.get(worker)
      if (entry) strike(entry)
    },
    retire: (worker, whenFree) => {
      const entry = entries.get(worker)
      if (!entry) return
      strike(entry)
      entry.whenFree = whenFree
      if (entry.calls === 0) whenFree()
    },
    clear: () => {
      for (const entry of entries.values()) strike(entry)
    },
    take: () => {
      const entry = free.at(-1)
      if (!entry) return undefined
      if (entry.calls + 1 === entry.capacity) free.pop()
      return lend(entry)
    },
    findIdle: () => free.find(({ calls }) => calls === 0)?.worker,
    takeLowWater: () => {
      const low = lowWater
      lowWater = idle
      return low
    },
    get leased() {
      return leased
    },
  }
}
