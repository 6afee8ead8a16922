/** Which certificate a client is shown: that of the API whose host it asks for, out of a secret, or else the server's own. */
import { createSecureContext, type SecureContext } from 'node:tls'
import { messageOf } from '../core/errors.ts'
import type { Log, SecretReader } from '../core/ports.ts'
import type { LiveTable } from './live-table.ts'

export interface CertificateDependencies {
  table: Pick<LiveTable, 'current'>
  secrets: SecretReader
  log: Log
}

export interface Certificates {
  /** undefined: no API has one for that host, or it is of no use, which is logged. */
  contextOf(serverName: string): Promise<SecureContext | undefined>
  /** To be called when the secret was written or removed. */
  forget(org: string, secret: string): void
}

const keyOf = (org: string, secret: string): string => `${org}/${secret}`

export function createCertificates({ table, secrets, log }: CertificateDependencies): Certificates {
  /** Of each secret that was asked for; undefined: it is of no use. */
  const contexts = new Map<string, Promise<SecureContext | undefined>>()

  async function load(org: string, secret: string): Promise<SecureContext | undefined> {
    try {
      const { certificate: cert, key } = await secrets.read(org, [secret])
      if (!cert || !key) throw new Error('it lacks the values certificate and key, two PEM texts')
      return createSecureContext({ cert, key, minVersion: 'TLSv1.2' })
    } catch (thrown) {
      const cause = messageOf(thrown)
      log.warn({ org, secret, cause }, 'a secret holds no certificate for an API; the server shows its own')
      return undefined
    }
  }

  return {
    contextOf: async serverName => {
      const api = (await table.current()).findSecured(serverName.toLowerCase())
      if (!api) return undefined
      const key = keyOf(api.org, api.tls)
      const context = contexts.get(key) ?? load(api.org, api.tls)
      contexts.set(key, context)
      return context
    },
    forget: (org, secret) => void contexts.delete(keyOf(org, secret)),
  }
}
