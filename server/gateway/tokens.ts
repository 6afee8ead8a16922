/** Checks tokens of issuers: signed by one of its keys, for an audience, and not expired. */
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { IssuerError, type Issuers } from './issuers.ts'

export interface TokenTerms {
  issuer: string
  audience: string
}

export type TokenVerdict = { claims: JWTPayload } | { refused: string }

/** Public keys alone: none of these can be made by who has only those. */
const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]
const clockToleranceS = 30
const maxLength = 16_384

/** A key that is not known may be a new one. */
const findKey =
  (issuers: Issuers, issuer: string): JWTVerifyGetKey =>
  async (header, token) => {
    const get = await issuers.keysOf(issuer)
    try {
      return await get(header, token)
    } catch (thrown) {
      if (!(thrown instanceof errors.JWKSNoMatchingKey)) throw thrown
      return (await issuers.keysOf(issuer, true))(header, token)
    }
  }

/** Rejects with IssuerError when the keys cannot be had. */
export async function verifyToken(
  { issuers, nowMs }: { issuers: Issuers; nowMs: () => number },
  { issuer, audience }: TokenTerms,
  token: string,
): Promise<TokenVerdict> {
  if (token.length > maxLength) return { refused: 'its token is too long' }
  const terms = { issuer, audience, algorithms, clockTolerance: clockToleranceS, requiredClaims: ['sub', 'exp'] }
  try {
    const currentDate = new Date(nowMs())
    const { payload } = await jwtVerify(token, findKey(issuers, issuer), { ...terms, currentDate })
    return { claims: payload }
  } catch (thrown) {
    if (thrown instanceof IssuerError) throw thrown
    const cause = thrown instanceof errors.JOSEError ? thrown.message : 'it fits no key of its issuer'
    return { refused: `its token is not valid: ${cause}` }
  }
}
