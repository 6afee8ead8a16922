/** Where a login in a browser leads: to the command line that waits for it on that computer, or to the code of a device. Pure. */

import { isUserCode, parseUserCode } from './devices.ts'

export const redirectPath = '/v1/iam/redirect'
export const devicePath = '/v1/iam/device'

export type ReturnPlace = { kind: 'command-line'; target: URL } | { kind: 'device'; code: string }

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** A listener on the computer of the browser: a token must not be handed to any other. */
export function parseTarget(text: string): URL | undefined {
  const url = URL.parse(text)
  if (url?.protocol !== 'http:' || !loopback.has(url.hostname) || url.username !== '' || url.password !== '')
    return undefined
  return url
}

const placeholder = 'http://here.invalid'

/** Nothing but a code: it stands on the page, whoever made the link. */
function parseDevice(text: string): ReturnPlace | undefined {
  const code = parseUserCode(text)
  return isUserCode(code) ? { kind: 'device', code } : undefined
}

/** Undefined when it leads anywhere else. */
export function parseReturnPlace(rd: string): ReturnPlace | undefined {
  const url = rd.startsWith('/') ? URL.parse(rd, placeholder) : null
  if (url?.origin !== placeholder) return undefined
  if (url.pathname === devicePath) return parseDevice(url.searchParams.get('code') ?? '')
  const target = url.pathname === redirectPath ? parseTarget(url.searchParams.get('redirect') ?? '') : undefined
  return target && { kind: 'command-line', target }
}

export const renderReturnPlace = (place: ReturnPlace): string =>
  place.kind === 'device'
    ? `${devicePath}?${new URLSearchParams({ code: place.code })}`
    : `${redirectPath}?${new URLSearchParams({ redirect: place.target.href })}`
