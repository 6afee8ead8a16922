/** Which ports are listened on, by which protocol, and with which certificate. */
import { resolve } from 'node:path'
import { ConfigError } from './error.ts'
import type { Values } from './keys.ts'

export interface TlsFiles {
  /** Absolute paths of PEM files. */
  certificateFile: string
  keyFile: string
}

export interface Ports {
  /** undefined: the API is served over TLS alone. */
  readonly port: number | undefined
  readonly gatewayPort: number
  /** undefined: nothing is served over TLS. */
  readonly tls: (TlsFiles & { readonly port: number; readonly gatewayPort: number }) | undefined
}

/** The first words of the last two are those of the original. Throws ConfigError. */
function findCertificate(values: Values, cwd: string): TlsFiles {
  const [certificate, key] = [values['tls-certificate'], values['tls-certificate-key']]
  const advice = 'enable-tls needs tls-certificate and tls-certificate-key, two PEM files'
  if (certificate === '' && key === '') throw new ConfigError(`${advice}: this version makes no certificate of its own`)
  if (certificate === '') throw new ConfigError(`missing TLS Certificate file: ${advice}`)
  if (key === '') throw new ConfigError(`missing TLS Certificate private key file: ${advice}`)
  return { certificateFile: resolve(cwd, certificate), keyFile: resolve(cwd, key) }
}

function checkDistinct(values: Values, names: readonly (keyof Values & `${string}port`)[]): void {
  for (const [index, name] of names.entries()) {
    const port = values[name]
    const other = names.slice(0, index).find(each => port !== 0 && values[each] === port)
    if (other) throw new ConfigError(`${other} and ${name} are both ${port}; give each its own`)
  }
}

export function parsePorts(values: Values, cwd: string): Ports {
  const overTls = values['enable-tls']
  checkDistinct(values, ['port', 'gateway-port', ...(overTls ? (['tls-port', 'gateway-tls-port'] as const) : [])])
  return {
    port: overTls && values['disable-http'] ? undefined : values.port,
    gatewayPort: values['gateway-port'],
    tls: overTls
      ? { ...findCertificate(values, cwd), port: values['tls-port'], gatewayPort: values['gateway-tls-port'] }
      : undefined,
  }
}
