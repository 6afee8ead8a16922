/** The deliveries to one subscription: in the order in which they are due, few at once, all others on disk only. */
import { planRetryMs } from '../core/backoff.ts'
import { type Clock, maxTimerMs, msOf } from '../core/clock.ts'
import type { WaitingDelivery } from '../store/event-port.ts'

/** How a try ended. */
export type Attempt =
  | { end: 'over' }
  | { end: 'later'; dueMs: number }
  /** It was not begun, and no other would be. `pauseMs`: how long at least; undefined: longer each time. */
  | { end: 'held'; reason: string; pauseMs: number | undefined }

export interface LaneOptions {
  /** What waits, those due first. */
  read(limit: number): Promise<WaitingDelivery[]>
  /** Resolves when what became of it is on disk; calls `onEnded` as soon as its run has ended. */
  attempt(delivery: WaitingDelivery, onEnded: () => void): Promise<Attempt>
  onError(thrown: unknown): void
  clock: Clock
}

export interface Lane {
  /** More waits than before. */
  wake(): void
  /** What held it may be over. */
  resume(): void
  /** Begins nothing more; resolves when what is under way has ended. */
  stop(): Promise<void>
  /** Why nothing is begun. */
  readonly heldFor: string | undefined
  readonly active: number
}

/** Few enough to leave the function room for other callers: as many again are on their way to the disk. */
const maxRunning = 16
/** Those too that have ended and are not on disk yet. */
const maxActive = 256
/** Of deliveries, whose bodies are read when they are begun. */
const pageLength = 64

/** What was never tried is due since it came, whatever time it was then: the clock may have been set back. */
const isDue = ({ tries, dueMs }: WaitingDelivery, nowMs: number): boolean => tries === 0 || dueMs <= nowMs

export function createLane({ read, attempt, onError, clock }: LaneOptions): Lane {
  const active = new Map<string, Promise<void>>()
  let running = 0
  let page: WaitingDelivery[] = []
  /** There may be more on disk than was read. */
  let isBehind = false
  let isPumping = false
  let stopped = false
  let heldFor: string | undefined
  let holds = 0
  let timer: NodeJS.Timeout | undefined
  let timerMs = Number.POSITIVE_INFINITY

  const wakeAt = (timeMs: number): void => {
    if (stopped || timeMs >= timerMs) return
    clearTimeout(timer)
    timerMs = timeMs
    timer = setTimeout(resume, Math.min(maxTimerMs, Math.max(0, timeMs - msOf(clock.nowNs()))))
  }

  /** All that was read is still on disk. */
  const hold = (reason: string, pauseMs: number | undefined): void => {
    if (heldFor === undefined) holds += 1
    heldFor = reason
    page = []
    clearTimeout(timer)
    timerMs = Number.POSITIVE_INFINITY
    wakeAt(msOf(clock.nowNs()) + (pauseMs ?? planRetryMs(holds)))
  }

  const begin = async (delivery: WaitingDelivery): Promise<void> => {
    let isRunning = true
    running += 1
    const release = (): void => {
      if (!isRunning) return
      isRunning = false
      running -= 1
      pump()
    }
    try {
      const attempted = await attempt(delivery, release)
      if (attempted.end === 'held') hold(attempted.reason, attempted.pauseMs)
      else holds = 0
      if (attempted.end === 'later') wakeAt(attempted.dueMs)
    } catch (thrown) {
      onError(thrown)
      hold('the server could not deliver it', undefined)
    }
    active.delete(delivery.eventId)
    release()
    pump()
  }

  const refill = async (): Promise<void> => {
    isBehind = false
    // As they are at the moment of reading: what is settled meanwhile would seem to wait still.
    const underWay = new Set(active.keys())
    const limit = pageLength + underWay.size
    const waiting = await read(limit)
    const nowMs = msOf(clock.nowNs())
    const rest = waiting.filter(({ eventId }) => !underWay.has(eventId))
    page = rest.filter(each => isDue(each, nowMs))
    const next = rest.find(each => !isDue(each, nowMs))
    if (next) wakeAt(next.dueMs)
    // Beyond what is not due there may be what never was tried.
    if (waiting.length === limit && page.length > 0) isBehind = true
  }

  const fill = async (): Promise<void> => {
    isPumping = true
    try {
      await refill()
    } catch (thrown) {
      onError(thrown)
      hold('the server could not read what waits', undefined)
    }
    isPumping = false
    pump()
  }

  /** To be called whenever something has changed. */
  const pump = (): void => {
    while (!stopped && !isPumping && heldFor === undefined && running < maxRunning && active.size < maxActive) {
      const delivery = page.shift()
      if (delivery) active.set(delivery.eventId, begin(delivery))
      else if (isBehind) fill()
      else return
    }
  }

  const wake = (): void => {
    isBehind = true
    pump()
  }

  const resume = (): void => {
    clearTimeout(timer)
    timerMs = Number.POSITIVE_INFINITY
    heldFor = undefined
    wake()
  }

  return {
    wake,
    resume,
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await Promise.all(active.values())
    },
    get heldFor() {
      return heldFor
    },
    get active() {
      return active.size
    },
  }
}
