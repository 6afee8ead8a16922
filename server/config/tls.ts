/** What is shown over TLS, and asked of clients, as the configuration says it. */
import { dirname, join, resolve } from 'node:path'
import { findDomainFault } from '../http/tls/domain.ts'
import { isName } from '../http/tls/names.ts'
import { ConfigError } from './error.ts'
import type { Values } from './keys.ts'

/** Paths are absolute. */
export type CertificateConfig =
  | { kind: 'files'; certificateFile: string; keyFile: string }
  | { kind: 'self-made'; directory: string; names: readonly string[] }
  | {
      kind: 'lets-encrypt'
      domain: string
      /** '': that of Let's Encrypt. */
      directoryUrl: string
      /** Where the authority asks; undefined: that is where the gateway listens. */
      port: number | undefined
      directory: string
      /** Of the certificate that is shown until there is one. */
      selfMade: { directory: string; names: readonly string[] }
    }

export interface TlsConfig {
  readonly certificate: CertificateConfig
  /** Who may call the API: those with a certificate of the file; optional: others too, who then say otherwise who they are. */
  readonly clients: { readonly caFile: string; readonly auth: 'required' | 'optional' } | undefined
}

/** The first words are those of the original. */
function findFiles(values: Values, cwd: string): CertificateConfig | undefined {
  const [certificate, key] = [values['tls-certificate'], values['tls-certificate-key']]
  const advice = 'give both tls-certificate and tls-certificate-key, two PEM files, or neither'
  if (certificate === '' && key === '') return undefined
  if (certificate === '') throw new ConfigError(`missing TLS Certificate file: ${advice}`)
  if (key === '') throw new ConfigError(`missing TLS Certificate private key file: ${advice}`)
  return { kind: 'files', certificateFile: resolve(cwd, certificate), keyFile: resolve(cwd, key) }
}

function checkNames(key: string, names: readonly string[]): void {
  const wrong = names.find(name => !isName(name))
  if (wrong !== undefined)
    throw new ConfigError(`${key}: "${wrong}" is no host name or address, such as solo.example.com or 10.0.0.7`)
}

function checkDomain(domain: string): void {
  const fault = findDomainFault(domain)
  if (fault !== undefined)
    throw new ConfigError(
      `lets-encrypt-domain: "${domain}" is ${fault}: give one domain name alone, such as solo.example.com, that leads to this server`,
    )
}

/** The original made its files in its working directory, where the database was too. */
function findCertificate(values: Values, cwd: string): CertificateConfig {
  const directory = dirname(resolve(cwd, values['db-file']))
  const domain = values['lets-encrypt-domain'].toLowerCase()
  const given = values['tls-names'].split(',').flatMap(name => name.trim() || [])
  checkNames('tls-names', given)
  const selfMade = { directory, names: domain ? [domain, ...given] : given }
  if (!domain) return findFiles(values, cwd) ?? { kind: 'self-made', ...selfMade }
  checkDomain(domain)
  const asked = values['lets-encrypt-port']
  return {
    kind: 'lets-encrypt',
    domain,
    directoryUrl: values['lets-encrypt-directory'],
    port: asked === values['gateway-port'] ? undefined : asked,
    directory: join(directory, 'lets_encrypt'),
    selfMade,
  }
}

function findClients(values: Values, cwd: string): TlsConfig['clients'] {
  const auth = values['tls-client-auth']
  if (auth !== 'required' && auth !== 'optional')
    throw new ConfigError(`tls-client-auth: "${auth}" is not allowed; it must be required or optional`)
  if (values['tls-client-ca'] === '') return undefined
  if (auth === 'required' && !values['disable-http'])
    throw new ConfigError(
      'tls-client-ca keeps nobody out who comes by HTTP: set disable-http too, or tls-client-auth to optional',
    )
  return { caFile: resolve(cwd, values['tls-client-ca']), auth }
}

/** undefined: nothing is served over TLS. Throws ConfigError. */
export function parseTls(values: Values, cwd: string): TlsConfig | undefined {
  if (!values['enable-tls']) {
    if (values['tls-client-ca'] !== '')
      throw new ConfigError('tls-client-ca keeps nobody out without TLS: set enable-tls and disable-http too')
    return undefined
  }
  return { certificate: findCertificate(values, cwd), clients: findClients(values, cwd) }
}
