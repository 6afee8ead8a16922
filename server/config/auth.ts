/** Whether requests have to say who they come from. */
import { isIP } from 'node:net'
import { type AuthMode, authModes } from '../core/access.ts'
import { ConfigError } from './error.ts'
import type { Values } from './keys.ts'

/** Only this machine's own programs reach it. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** What is meant when nothing is said. */
export const planAuth = (host: string): AuthMode => (isLoopback(host) ? 'open' : 'required')

/** Why the mode is what it is; `origin` is that of the key `auth`. */
export function explainAuth(origin: string, host: string): string {
  if (origin !== 'default') return `set by ${origin}`
  return isLoopback(host)
    ? `the default, since only this machine reaches host ${host}`
    : `the default, since other machines reach host ${host}`
}

/** Throws ConfigError. */
export function parseAuth({ auth, host }: Pick<Values, 'auth' | 'host'>): AuthMode {
  const mode = authModes.find(each => each === auth)
  if (mode === undefined)
    throw new ConfigError(`auth: ${JSON.stringify(auth)} is not allowed; it must be open or required`)
  if (mode === 'open' && !isLoopback(host))
    throw new ConfigError(
      `auth: open lets anybody who reaches ${host} run code; leave auth out, or set host to 127.0.0.1 so that this machine alone reaches the server`,
    )
  return mode
}
