/** Which certificate a client is shown: that of the API whose host it asks for, out of a secret, or else the server's own. */
import { createSecureContext, type SecureContext } from 'node:tls'
import type { Log, SecretReader } from '../core/ports.ts'
import { tlsSettings } from '../http/tls/settings.ts'
import type { LiveTable } from './live-table.ts'
import { createSecretCache } from './secret-cache.ts'

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

function parseContext({ certificate: cert, key }: Record<string, string>): SecureContext {
  if (!cert || !key) throw new Error('it lacks the values certificate and key, two PEM texts')
  return createSecureContext({ ...tlsSettings, cert, key })
}

export function createCertificates({ table, secrets, log }: CertificateDependencies): Certificates {
  const uselessText = 'a secret holds no certificate for an API; the server shows its own'
  const contexts = createSecretCache({ secrets, log, parse: parseContext, uselessText })
  return {
    contextOf: async serverName => {
      const api = (await table.current()).findSecured(serverName.toLowerCase())
      return api && contexts.find(api.org, api.tls)
    },
    forget: contexts.forget,
  }
}
