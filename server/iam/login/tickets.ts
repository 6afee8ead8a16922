/** What a browser has after a login, for a short time: good once, and for the one place that the login was for. */
import { randomBytes } from 'node:crypto'
import { digestOf } from '../../core/digest.ts'
import type { LoggedIn } from '../session-schema.ts'
import { type ReturnPlace, renderReturnPlace } from './return-place.ts'

export interface Tickets {
  issue(who: LoggedIn, place: ReturnPlace): string
  /** Undefined: there is none, or it is for another place. */
  look(ticket: string, place: ReturnPlace): LoggedIn | undefined
  /** The same, for the last time. */
  take(ticket: string, place: ReturnPlace): LoggedIn | undefined
}

const lifetimeMs = 5 * 60_000
const maxKept = 1000

export function createTickets(nowMs: () => number): Tickets {
  const kept = new Map<string, { who: LoggedIn; place: string; untilMs: number }>()
  const look: Tickets['look'] = (ticket, place) => {
    const found = kept.get(digestOf(ticket))
    if (!found || found.untilMs <= nowMs() || found.place !== renderReturnPlace(place)) return undefined
    return found.who
  }
  return {
    issue: (who, place) => {
      const ticket = randomBytes(32).toString('base64url')
      const oldest = kept.size >= maxKept ? kept.keys().next().value : undefined
      if (oldest !== undefined) kept.delete(oldest)
      kept.set(digestOf(ticket), { who, place: renderReturnPlace(place), untilMs: nowMs() + lifetimeMs })
      return ticket
    },
    look,
    take: (ticket, place) => {
      const who = look(ticket, place)
      if (who) kept.delete(digestOf(ticket))
      return who
    },
  }
}
