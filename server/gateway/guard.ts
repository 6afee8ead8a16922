/** What stands between a request and the function of an API that asks for it: who calls, and how often. */
import type { IncomingMessage } from 'node:http'
import type { ServedApi } from '../core/ports.ts'
import type { Admission } from './admission.ts'
import { type AuthenticateDependencies, createAuthenticator } from './authenticate.ts'
import { networkOf } from './client-address.ts'
import { createRateLimits } from './rate-limits.ts'

export interface Guard {
  /** Sees the request before its body is read. */
  admit(api: ServedApi, request: IncomingMessage, address: string): Promise<Admission>
  /** To be called when the secret was written or removed. */
  forgetSecret(org: string, name: string): void
}

/** Any other is open to everybody, and costs nothing. */
export const isGuarded = ({ authentication, rateLimit }: ServedApi): boolean =>
  authentication !== undefined || rateLimit !== undefined

export function createGuard(deps: AuthenticateDependencies): Guard {
  const { authenticate, forgetSecret } = createAuthenticator(deps)
  const limits = createRateLimits(deps.nowMs)

  return {
    forgetSecret,
    admit: async (api, { headers }, address) => {
      const { authentication, rateLimit } = api
      const network = networkOf(address)
      if (!authentication) return rateLimit ? limits.spend(api, rateLimit, network) : {}
      // Who has guessed too often is not even listened to.
      const guesses = rateLimit && limits.look(api, rateLimit, network)
      if (guesses?.refusal) return guesses
      const admission = await authenticate(api, authentication, headers.authorization)
      if (!rateLimit) return admission
      const { identity } = admission
      const spent = limits.spend(api, rateLimit, identity ? `${identity.scheme} ${identity.subject}` : network)
      const refusal = admission.refusal ?? spent.refusal
      return { ...admission, headers: { ...spent.headers, ...admission.headers }, ...(refusal && { refusal }) }
    },
  }
}
