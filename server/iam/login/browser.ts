/** What a browser carries from the login to the place that the login was for. */
import { loginCookies } from '../../core/credentials.ts'
import type { OperationReply, OperationRequest } from '../../http/operation.ts'
import type { LoggedIn } from '../session-schema.ts'
import { readCookie, renderCookie } from './cookies.ts'
import { type ReturnPlace, renderReturnPlace } from './return-place.ts'
import type { Tickets } from './tickets.ts'

const cookieName = loginCookies.ticket
const maxAgeSeconds = 300

export type Browser = Pick<OperationRequest, 'header' | 'isEncrypted'>

export interface Hand {
  /** Ends a login, however it was done: the browser is sent on to its place. */
  finish(who: LoggedIn, place: ReturnPlace, browser: Browser): OperationReply
  /** Who has logged in for this place. */
  look(browser: Browser, place: ReturnPlace): LoggedIn | undefined
  /** The same, for the last time. */
  take(browser: Browser, place: ReturnPlace): LoggedIn | undefined
}

export function createHand(tickets: Tickets): Hand {
  const ticketOf = ({ header }: Browser): string => readCookie(header('cookie'), cookieName)
  return {
    finish: (who, place, { isEncrypted }) => {
      const ticket = tickets.issue(who, place)
      const cookie = renderCookie(cookieName, ticket, { sameSite: 'Lax', isEncrypted, maxAgeSeconds })
      return { status: 303, headers: { location: renderReturnPlace(place), 'set-cookie': cookie } }
    },
    look: (browser, place) => tickets.look(ticketOf(browser), place),
    take: (browser, place) => tickets.take(ticketOf(browser), place),
  }
}

export const pageReply = (status: number, { html, headers }: { html: string; headers: Record<string, string> }) => ({
  status,
  content: { type: 'text/html; charset=utf-8', pieces: [html] },
  headers,
})
