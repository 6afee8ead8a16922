/** Logins at an issuer, without the pages around them. */
import { randomBytes } from 'node:crypto'
import type { ExecutionContext } from 'ava'
import { boundedFetch } from '../../server/http/bounded-fetch.ts'
import { createAttempt, type Proofs, proofsOf } from '../../server/iam/oidc/flow.ts'
import { createOidcIssuer, type OidcIssuer } from '../../server/iam/oidc/issuer.ts'
import type { OidcSettings } from '../../server/iam/oidc/settings.ts'
import { type Issuer, openIssuer } from './issuer.ts'

export const externalUrl = 'http://localhost:8080'

export interface Warning {
  issuer?: string
  cause?: string
}

export function createClient(
  settings: Partial<OidcSettings> & { issuer: string },
  nowMs: () => number,
): { client: OidcIssuer; warnings: Warning[] } {
  const warnings: Warning[] = []
  const log = { info: () => undefined, error: () => undefined, warn: (warning: Warning) => warnings.push(warning) }
  const known = { clientId: 'dispatch', claim: 'email', scopes: 'openid email', externalUrl, ...settings }
  return { client: createOidcIssuer({ settings: known, fetch: boundedFetch, nowMs, log }), warnings }
}

export const beginLogin = (): Proofs => proofsOf(createAttempt(randomBytes(32), Date.now(), '/'))

/** An issuer that gives whatever the test wants: tokens of its own make, or of others. */
export async function openLoginIssuer(t: ExecutionContext, nowMs: () => number = Date.now): Promise<Issuer> {
  const issuer = await openIssuer(t, nowMs)
  issuer.claims = {
    authorization_endpoint: `${issuer.url}/authorize`,
    token_endpoint: `${issuer.url}/token`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  }
  return issuer
}

/** Claims of the ID token of a user who is let in. */
export const goodClaims = ({ nonce }: Proofs) => ({
  aud: 'dispatch',
  iat: Math.floor(Date.now() / 1000),
  nonce,
  email: 'jon@wall.example',
  email_verified: true,
})

export const answerWith = (issuer: Issuer, idToken: string | undefined): void => {
  issuer.exchange = async () => ({ access_token: 'a', token_type: 'Bearer', ...(idToken && { id_token: idToken }) })
}
