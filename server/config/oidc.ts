/** The issuer of OpenID Connect at which users log in, as the configuration says it. */
import { resolve } from 'node:path'
import { messageOf } from '../core/errors.ts'
import { parseIssuerUrl } from '../core/issuer-url.ts'
import type { OidcSettings } from '../iam/oidc/settings.ts'
import { ConfigError } from './error.ts'
import type { Values } from './keys.ts'

export type OidcConfig = Readonly<Omit<OidcSettings, 'readClientSecret'>> & {
  /** Absolute; undefined: a client without a secret. */
  readonly secretFile: string | undefined
}

/** A code that lets somebody in comes to both of them: over TLS, unless it does not leave this machine. */
function checkUrl(key: 'oidc-issuer' | 'external-url', url: string): void {
  try {
    parseIssuerUrl(url, true)
  } catch (thrown) {
    throw new ConfigError(`${key}: ${messageOf(thrown)}; http is for this machine alone, such as http://localhost:8080`)
  }
}

/** undefined: there is none. Throws ConfigError. */
export function parseOidc(values: Values, cwd: string): OidcConfig | undefined {
  const issuer = values['oidc-issuer']
  if (issuer === '') return undefined
  const externalUrl = values['external-url']
  const [clientId, scopes, secretFile] = [
    values['oidc-client-id'],
    values['oidc-scopes'],
    values['oidc-client-secret-file'],
  ]
  if (clientId === '') throw new ConfigError('oidc-issuer needs oidc-client-id: what the issuer knows this server by')
  if (externalUrl === '')
    throw new ConfigError(
      'oidc-issuer needs external-url: where the issuer sends browsers back to, such as https://dispatch.example.com:8443',
    )
  checkUrl('oidc-issuer', issuer)
  checkUrl('external-url', externalUrl)
  if (!scopes.split(' ').includes('openid')) throw new ConfigError(`oidc-scopes: "${scopes}" must hold openid`)
  return Object.freeze({
    ...{ issuer, clientId, claim: values['oidc-claim'], scopes, externalUrl },
    secretFile: secretFile === '' ? undefined : resolve(cwd, secretFile),
  })
}
