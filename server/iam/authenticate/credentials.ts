/** Where a request holds its credential. */
import { cookiesIn, isToken } from '../../core/credentials.ts'
import { dispatchError } from '../../core/errors.ts'

const bearer = /^bearer +(\S+) *$/i

const findInCookie = (cookie: string): string | undefined =>
  cookiesIn(cookie)
    .map(({ value }) => value)
    .find(isToken)

/** undefined: it holds none. Throws when its header Authorization is of no use. */
export function readCredential({ authorization, cookie }: { authorization: string; cookie: string }) {
  if (authorization === '') return findInCookie(cookie)
  const credential = bearer.exec(authorization)?.[1]
  if (credential === undefined) throw dispatchError('NOT_BEARER', {})
  return credential
}
