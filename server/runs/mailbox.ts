/** Holds what one reader of logs has not taken yet, up to a bound. */
import type { LinesEvent, LogEvent } from './log-events.ts'

export interface Mailbox {
  /** Never waits: what there is no room for is counted, and told as `dropped` in its place. */
  put(event: LogEvent): void
  /** What is in it can still be taken; what comes later is lost. */
  close(): void
  /** Has who waits look up though nothing came; nobody waiting, the next who would. */
  wake(): void
  /** All that is there, or the next that comes within `waitMs` (nothing then); undefined when it is closed and empty. */
  take(waitMs: number): Promise<LogEvent[] | undefined>
}

/** What a line costs beside its characters. */
const overhead = 16

export function createMailbox(maxWeight: number): Mailbox {
  let events: LogEvent[] = []
  let weight = 0
  let closed = false
  let woken = false
  let arrived: (() => void) | undefined

  function drop(count: number): void {
    if (count === 0) return
    const last = events.at(-1)
    if (last?.type === 'dropped') last.events += count
    else events.push({ type: 'dropped', events: count })
  }

  function putLines(event: LinesEvent): void {
    let fitting = 0
    for (const { length } of event.lines) {
      if (weight + length + overhead > maxWeight) break
      weight += length + overhead
      fitting += 1
    }
    if (fitting > 0) events.push({ ...event, lines: event.lines.slice(0, fitting) })
    drop(event.lines.length - fitting)
  }

  function putOther(event: LogEvent): void {
    if (weight + overhead > maxWeight) {
      drop(1)
      return
    }
    weight += overhead
    events.push(event)
  }

  function wait(waitMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, waitMs)
    arrived = () => {
      clearTimeout(timer)
      resolve()
    }
    return promise
  }

  return {
    put: event => {
      if (closed) return
      if (event.type === 'lines') putLines(event)
      else putOther(event)
      arrived?.()
    },
    close: () => {
      closed = true
      arrived?.()
    },
    wake: () => {
      woken = true
      arrived?.()
    },
    take: async waitMs => {
      if (events.length === 0 && !closed && !woken) await wait(waitMs)
      arrived = undefined
      if (events.length === 0) {
        woken = false
        return closed ? undefined : []
      }
      const taken = events
      events = []
      weight = 0
      return taken
    },
  }
}
