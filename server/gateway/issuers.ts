/** The keys of issuers of tokens, read from the issuers themselves and kept for a while. */
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { messageOf } from '../core/errors.ts'
import { isPlain, parseIssuerUrl } from '../core/issuer-url.ts'
import { isRecord } from '../core/json.ts'
import type { Log } from '../core/ports.ts'
import { createRefreshed, type Refreshed } from '../core/refreshed.ts'

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

const isKeySet = (value: unknown): value is JSONWebKeySet => isRecord(value) && Array.isArray(value.keys)

async function readKeys({ fetchJson }: IssuerDependencies, issuer: string): Promise<JWTVerifyGetKey> {
  const base = parseIssuerUrl(issuer, true)
  const found = await fetchJson(new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`))
  if (!isRecord(found) || found.issuer !== issuer)
    throw new Error(`it calls itself ${JSON.stringify(isRecord(found) ? found.issuer : undefined)}`)
  const keys = await fetchJson(parseIssuerUrl(found.jwks_uri, isPlain(base)))
  if (!isKeySet(keys)) throw new Error('what it gives as its keys is no JSON Web Key Set')
  return createLocalJWKSet(keys)
}

export function createIssuers(deps: IssuerDependencies): Issuers {
  const { nowMs, log } = deps
  const known = new Map<string, Refreshed<JWTVerifyGetKey>>()

  const createKeys = (issuer: string): Refreshed<JWTVerifyGetKey> =>
    createRefreshed({
      read: () => readKeys(deps, issuer),
      nowMs,
      onFailure: cause => log.warn({ issuer, cause }, 'the keys of an issuer of tokens could not be read'),
    })

  return {
    keysOf: (issuer, isNewer) => {
      const keys = known.get(issuer) ?? createKeys(issuer)
      known.set(issuer, keys)
      return keys.get(isNewer).catch(thrown => {
        throw new IssuerError(messageOf(thrown))
      })
    },
  }
}
