/** That a form comes from a page that was given to this browser: no other site can claim with the help of whoever is looking at it. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** The prefix binds it to this host and to TLS, so that nobody beside it can set it. */
const cookieName = '__Host-dispatch-setup'
const tokenPattern = /^[\w-]{43}$/

/** '' when there is none. */
export function readToken(headers: IncomingHttpHeaders): string {
  const pairs = (headers.cookie ?? '').split(';').map(pair => pair.trim())
  const value = pairs.find(pair => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1) ?? ''
  return tokenPattern.test(value) ? value : ''
}

export const createToken = (): string => randomBytes(32).toString('base64url')

/** It ends with the browser, not by a time: whoever leaves the page open for long loses nothing. */
export const renderCookie = (token: string): string =>
  `${cookieName}=${token}; Path=/; Secure; HttpOnly; SameSite=Strict`

/** By what the browser says, which no page can change. Older ones tell the origin alone, and of our own pages `null`. */
function isSameSite({ 'sec-fetch-site': site, origin, host }: IncomingHttpHeaders): boolean {
  if (site !== undefined) return site === 'same-origin'
  return origin === undefined || origin === 'null' || origin === `https://${host}`
}

export function isOwnForm(headers: IncomingHttpHeaders, sent: string): boolean {
  const token = readToken(headers)
  if (token === '' || !tokenPattern.test(sent) || !isSameSite(headers)) return false
  return timingSafeEqual(Buffer.from(token), Buffer.from(sent))
}
