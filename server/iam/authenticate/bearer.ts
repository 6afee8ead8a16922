/** Tokens that service accounts sign themselves, by the key whose public half is stored (JWT, RFC 7519). */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { decodeJwt, errors, jwtVerify } from 'jose'
import { dispatchError } from '../../core/errors.ts'
import { exampleKey } from '../example-key.ts'
import type { Proof, Proven } from './proof.ts'

export interface BearerOptions {
  findAccount(org: string, name: string): Promise<{ publicKey: string } | undefined>
  nowMs(): number
}

const algorithms = ['RS256', 'RS384', 'RS512']
const clockToleranceS = 30
const maxLength = 16_384

const refuse = (cause: string) => dispatchError('BEARER_REFUSED', { cause })

/** The account that says it signed the token. */
function readIssuer(token: string): { org: string; name: string } {
  let issuer: string | undefined
  try {
    issuer = decodeJwt(token).iss
  } catch {
    throw refuse('it is no JSON Web Token')
  }
  if (!issuer) throw dispatchError('NO_ISSUER', {})
  const [org = '', ...rest] = issuer.split('/')
  const name = rest.join('/')
  if (org === '' || name === '') throw dispatchError('NO_ISSUER_ORG', {})
  return { org, name }
}

const keyOf = (publicKey: string): KeyObject => createPublicKey(Buffer.from(publicKey, 'base64'))

function causeOf(thrown: unknown): string {
  if (thrown instanceof errors.JWTExpired)
    return 'it has expired; make a new one, and compare the clocks of both machines'
  if (thrown instanceof errors.JWTClaimValidationFailed) return thrown.message
  if (thrown instanceof errors.JOSEAlgNotAllowed) return `it must be signed by one of ${algorithms.join(', ')}`
  return 'it is not signed by the key of its service account, or that is not there; see dispatch iam get serviceaccounts'
}

async function verify(token: string, key: KeyObject, nowMs: number): Promise<number> {
  const terms = { algorithms, clockTolerance: clockToleranceS, requiredClaims: ['exp'], currentDate: new Date(nowMs) }
  const { payload } = await jwtVerify(token, key, terms)
  const { iat = 0, exp = 0 } = payload
  if (iat > nowMs / 1000 + clockToleranceS)
    throw new errors.JWTClaimValidationFailed('it is from the future; compare the clocks of both machines', payload)
  return exp * 1000
}

export const createBearerProof = ({ findAccount, nowMs }: BearerOptions): Proof => ({
  fits: credential => credential.split('.').length === 3,
  prove: async (token): Promise<Proven> => {
    if (token.length > maxLength) throw refuse(`it is longer than ${maxLength} characters`)
    const { org, name } = readIssuer(token)
    const account = await findAccount(org, name)
    try {
      // Nobody signs by the example's key: that there is no account takes as long to find as that its token is wrong.
      const untilMs = await verify(token, keyOf(account?.publicKey ?? exampleKey), nowMs())
      if (account) return { principal: { kind: 'account', subject: name, org }, untilMs }
    } catch (thrown) {
      throw refuse(causeOf(thrown))
    }
    throw refuse(causeOf(undefined))
  },
})
