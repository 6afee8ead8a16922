/** The host that a browser asked for: any, since addresses change, but nothing that is no host. */
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

const hostName = /^[a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_.])?$/

/** Without its port and without brackets, in lower case; undefined where there is none. */
export function hostOf({ host = '' }: IncomingHttpHeaders): string | undefined {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d{1,5})?$/.exec(host.toLowerCase()) ?? []
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? bracketed : undefined
  return plain !== undefined && hostName.test(plain) ? plain : undefined
}
