/** Where a request holds its credential. */
import { dispatchError } from '../../core/errors.ts'

/** What tokens of ours begin with: those that programs hold, and those of who has logged in. */
export const tokenPrefixes = { api: 'dst_', session: 'dss_' } as const

const bearer = /^bearer +(\S+) *$/i

const isToken = (text: string): boolean => Object.values(tokenPrefixes).some(prefix => text.startsWith(prefix))

/** Clients send a token alone; browsers send all cookies of the place, each with its name. */
const findInCookie = (cookie: string): string | undefined =>
  cookie
    .split(';')
    .map(part => part.trim())
    .map(part => (isToken(part) ? part : part.slice(part.indexOf('=') + 1)))
    .find(isToken)

/** undefined: it holds none. Throws when its header Authorization is of no use. */
export function readCredential({ authorization, cookie }: { authorization: string; cookie: string }) {
  if (authorization === '') return findInCookie(cookie)
  const credential = bearer.exec(authorization)?.[1]
  if (credential === undefined) throw dispatchError('NOT_BEARER', {})
  return credential
}
