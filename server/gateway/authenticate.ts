/** Who calls an API that does not let in everybody. */
import { dispatchError } from '../core/errors.ts'
import type { ApiAuthentication, Log, SecretReader, ServedApi } from '../core/ports.ts'
import { pauseMs } from '../core/refreshed.ts'
import type { Admission, Identity } from './admission.ts'
import { findSubject, parseKnown, readCredentials, type SecretScheme } from './credentials.ts'
import { IssuerError, type Issuers } from './issuers.ts'
import { createSecretCache, type SecretCache } from './secret-cache.ts'
import { verifyToken } from './tokens.ts'

export interface AuthenticateDependencies {
  secrets: SecretReader
  issuers: Issuers
  nowMs(): number
  log: Log
}

export interface Authenticator {
  authenticate(api: ServedApi, terms: ApiAuthentication, header: string | undefined): Promise<Admission>
  /** To be called when the secret was written or removed. */
  forgetSecret(org: string, name: string): void
}

const challenges = {
  basic: (name: string) => `Basic realm="${name}", charset="UTF-8"`,
  bearer: (name: string, error = '') => `Bearer realm="${name}"${error}`,
}
const missing = {
  basic: 'it needs a user and a password, by HTTP Basic',
  bearer: 'it needs a token, as "Authorization: Bearer TOKEN"',
}
const wrong = { basic: 'its user or password is wrong', bearer: 'its token is wrong' }

const refuse = ({ name }: ServedApi, scheme: SecretScheme, cause: string): Admission => ({
  headers: {
    'www-authenticate': challenges[scheme](name, cause === missing[scheme] ? '' : ', error="invalid_token"'),
  },
  refusal: dispatchError('ACCESS_REFUSED', { name, cause }),
})

const unchecked = ({ name }: ServedApi, cause: string, headers = {}): Admission => ({
  headers,
  refusal: dispatchError('ACCESS_UNCHECKED', { name, cause }),
})

const admit = (identity: Identity): Admission => ({ identity })

export function createAuthenticator(deps: AuthenticateDependencies): Authenticator {
  const uselessText = 'a secret holds no credentials for an API; nobody is let in'
  const cacheOf = (scheme: SecretScheme) =>
    createSecretCache({ ...deps, uselessText, parse: values => parseKnown(scheme, values) })
  const caches: Record<SecretScheme, SecretCache<ReturnType<typeof parseKnown>>> = {
    basic: cacheOf('basic'),
    bearer: cacheOf('bearer'),
  }

  async function bySecret(api: ServedApi, scheme: SecretScheme, at: { secret: string; header: string | undefined }) {
    const known = await caches[scheme].find(api.org, at.secret)
    if (!known) return unchecked(api, 'its secret is not there, or empty')
    const sent = readCredentials(scheme, at.header)
    if (sent === undefined) return refuse(api, scheme, missing[scheme])
    const subject = findSubject(known, sent)
    return subject === undefined ? refuse(api, scheme, wrong[scheme]) : admit({ scheme, subject })
  }

  async function byIssuer(api: ServedApi, terms: { issuer: string; audience: string }, header: string | undefined) {
    const token = readCredentials('bearer', header)
    if (token === undefined) return refuse(api, 'bearer', missing.bearer)
    try {
      const verdict = await verifyToken(deps, terms, token)
      if ('refused' in verdict) return refuse(api, 'bearer', verdict.refused)
      const { claims } = verdict
      return admit({ scheme: 'oidc', subject: claims.sub ?? '', claims })
    } catch (thrown) {
      if (!(thrown instanceof IssuerError)) throw thrown
      return unchecked(api, 'its issuer does not give its keys', { 'retry-after': String(pauseMs / 1000) })
    }
  }

  return {
    authenticate: async (api, terms, header) => {
      switch (terms.scheme) {
        case 'unusable':
          return unchecked(api, terms.cause)
        case 'oidc':
          return byIssuer(api, terms, header)
        default:
          return bySecret(api, terms.scheme, { ...terms, header })
      }
    },
    forgetSecret: (org, name) => {
      for (const cache of Object.values(caches)) cache.forget(org, name)
    },
  }
}
