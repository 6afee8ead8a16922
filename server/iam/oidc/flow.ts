/**
 * One attempt to log in, which only the browser remembers: its cookie holds a secret, from which everything follows that
 * goes to the issuer and must come back. So attempts cost the server nothing, and outlive its restart. Pure.
 */
import { createHmac } from 'node:crypto'
import { isSameText } from '../../core/digest.ts'

export interface Attempt {
  secret: string
  startedMs: number
  /** Where the user goes when it is done. */
  destination: string
}

/** What goes to the issuer, the verifier as its hash alone. */
export interface Proofs {
  state: string
  nonce: string
  codeVerifier: string
}

/** As long as people take to log in. */
export const maxAgeSeconds = 600

const shape = /^([\w-]{43})\.(\d{1,15})\.([\w-]{0,3000})$/

export const createAttempt = (random: Buffer, startedMs: number, destination: string): Attempt => ({
  secret: random.toString('base64url'),
  startedMs,
  destination,
})

export const renderAttempt = ({ secret, startedMs, destination }: Attempt): string =>
  [secret, startedMs, Buffer.from(destination).toString('base64url')].join('.')

export function parseAttempt(text: string): Attempt | undefined {
  const [, secret = '', startedMs, destination = ''] = shape.exec(text) ?? []
  if (startedMs === undefined) return undefined
  return { secret, startedMs: Number(startedMs), destination: Buffer.from(destination, 'base64url').toString() }
}

/** Each depends on all of the attempt: one that was changed fits no state. */
export function proofsOf(attempt: Attempt): Proofs {
  const derive = (purpose: string) =>
    createHmac('sha256', attempt.secret)
      .update(`${purpose}.${renderAttempt(attempt)}`)
      .digest('base64url')
  return { state: derive('state'), nonce: derive('nonce'), codeVerifier: derive('verifier') }
}

/** Why what came back does not end this attempt; undefined: it does. */
export function findFault(attempt: Attempt | undefined, state: string, nowMs: number): string | undefined {
  if (!attempt) return 'this browser began no login, or it keeps no cookies'
  if (!isSameText(proofsOf(attempt).state, state))
    return 'it is not the answer to the login that this browser began last'
  const ageSeconds = (nowMs - attempt.startedMs) / 1000
  if (ageSeconds < 0 || ageSeconds > maxAgeSeconds) return `it took more than ${maxAgeSeconds / 60} minutes`
  return undefined
}
