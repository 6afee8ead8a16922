/** What has been made of secrets, until one is written or removed. */
import { isEntry, messageOf } from '../core/errors.ts'
import type { Log, SecretReader } from '../core/ports.ts'

export interface SecretCacheOptions<Value> {
  secrets: SecretReader
  log: Log
  /** Throws, and says why, when the secret is of no use. */
  parse(values: Record<string, string>): Value
  /** What is logged then. */
  uselessText: string
}

export interface SecretCache<Value> {
  /** undefined: it is not there, or of no use, which is logged once; or cannot be read now, which is tried again. */
  find(org: string, secret: string): Promise<Value | undefined>
  /** To be called when the secret was written or removed. */
  forget(org: string, secret: string): void
}

const keyOf = (org: string, secret: string): string => `${org}/${secret}`

export function createSecretCache<Value>(options: SecretCacheOptions<Value>): SecretCache<Value> {
  const made = new Map<string, Promise<Value | undefined>>()

  async function load(org: string, secret: string): Promise<Value | undefined> {
    try {
      const values = await options.secrets.read(org, [secret]).catch(thrown => {
        if (!isEntry(thrown, 'NOT_FOUND')) made.delete(keyOf(org, secret))
        throw thrown
      })
      return options.parse(values)
    } catch (thrown) {
      options.log.warn({ org, secret, cause: messageOf(thrown) }, options.uselessText)
      return undefined
    }
  }

  return {
    find: (org, secret) => {
      const key = keyOf(org, secret)
      const value = made.get(key) ?? load(org, secret)
      made.set(key, value)
      return value
    },
    forget: (org, secret) => void made.delete(keyOf(org, secret)),
  }
}
