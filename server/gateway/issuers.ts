/** The keys of issuers of tokens, read from the issuers themselves and kept for a while. */
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { messageOf } from '../core/errors.ts'
import { isRecord } from '../core/json.ts'
import type { Log } from '../core/ports.ts'

export interface IssuerDependencies {
  /** Rejects with an Error that says why there is none. */
  fetchJson(url: URL): Promise<unknown>
  nowMs(): number
  log: Log
}

export interface Issuers {
  /** Rejects with IssuerError. `isNewer`: those known are not enough; read again if that is not just done. */
  keysOf(issuer: string, isNewer?: boolean): Promise<JWTVerifyGetKey>
}

/** Its keys cannot be had. */
export class IssuerError extends Error {
  override readonly name = 'IssuerError'
}

interface Known {
  /** The last ones that could be read. */
  keys?: { get: JWTVerifyGetKey; readMs: number }
  triedMs: number
  /** Why the last attempt failed. */
  cause: string
}

/** New keys come into use, and old ones go, within this time. */
const freshMs = 600_000
/** Who is out of reach for less locks nobody out. */
const usableMs = 24 * 3_600_000
/** An issuer is asked at most so often, whatever clients send. */
export const pauseMs = 10_000

const isLoopback = ({ hostname }: URL): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)

/** Only this machine's own issuers may be asked without TLS. */
function parseUrl(text: unknown, mayBeLocal: boolean): URL {
  const url = URL.parse(String(text))
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && mayBeLocal && isLoopback(url))) return url
  throw new Error(`${JSON.stringify(text)} is no https URL`)
}

const isKeySet = (value: unknown): value is JSONWebKeySet => isRecord(value) && Array.isArray(value.keys)

async function readKeys({ fetchJson }: IssuerDependencies, issuer: string): Promise<JWTVerifyGetKey> {
  const base = parseUrl(issuer, true)
  const found = await fetchJson(new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`))
  if (!isRecord(found) || found.issuer !== issuer)
    throw new Error(`it calls itself ${JSON.stringify(isRecord(found) ? found.issuer : undefined)}`)
  const keys = await fetchJson(parseUrl(found.jwks_uri, isLoopback(base)))
  if (!isKeySet(keys)) throw new Error('what it gives as its keys is no JSON Web Key Set')
  return createLocalJWKSet(keys)
}

export function createIssuers(deps: IssuerDependencies): Issuers {
  const { nowMs, log } = deps
  const known = new Map<string, Known>()
  const reading = new Map<string, Promise<void>>()

  async function read(issuer: string): Promise<void> {
    const before = known.get(issuer)
    const triedMs = nowMs()
    try {
      known.set(issuer, { keys: { get: await readKeys(deps, issuer), readMs: triedMs }, triedMs, cause: '' })
    } catch (thrown) {
      const cause = causeOf(thrown)
      known.set(issuer, { ...before, triedMs, cause })
      log.warn({ issuer, cause }, 'the keys of an issuer of tokens could not be read')
    } finally {
      reading.delete(issuer)
    }
  }

  const isDue = (issuer: string, isNewer: boolean): boolean => {
    const { keys, triedMs } = known.get(issuer) ?? { triedMs: -Infinity }
    const isEnough = !isNewer && keys !== undefined && nowMs() - keys.readMs < freshMs
    return !isEnough && nowMs() - triedMs >= pauseMs
  }

  return {
    keysOf: async (issuer, isNewer = false) => {
      if (isDue(issuer, isNewer) && !reading.has(issuer)) reading.set(issuer, read(issuer))
      await reading.get(issuer)
      const { keys, cause = '' } = known.get(issuer) ?? {}
      if (keys && nowMs() - keys.readMs < usableMs) return keys.get
      throw new IssuerError(cause)
    },
  }
}

/** `fetch` itself says no more than that it failed. */
const causeOf = (thrown: unknown): string =>
  [thrown, thrown instanceof Error ? thrown.cause : undefined].filter(Boolean).map(messageOf).join(': ')
