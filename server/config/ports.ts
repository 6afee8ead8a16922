/** Which ports are listened on, and by which protocol. */
import { ConfigError } from './error.ts'
import type { Values } from './keys.ts'
import { parseTls, type TlsConfig } from './tls.ts'

export interface Ports {
  /** undefined: the API is served over TLS alone. */
  readonly port: number | undefined
  readonly gatewayPort: number
  /** undefined: nothing is served over TLS. */
  readonly tls: (TlsConfig & { readonly port: number; readonly gatewayPort: number }) | undefined
}

function checkDistinct(values: Values, names: readonly (keyof Values & `${string}port`)[]): void {
  for (const [index, name] of names.entries()) {
    const port = values[name]
    const other = names.slice(0, index).find(each => port !== 0 && values[each] === port)
    if (other) throw new ConfigError(`${other} and ${name} are both ${port}; give each its own`)
  }
}

/** Throws ConfigError. */
export function parsePorts(values: Values, cwd: string): Ports {
  const tls = parseTls(values, cwd)
  checkDistinct(values, ['port', 'gateway-port', ...(tls ? (['tls-port', 'gateway-tls-port'] as const) : [])])
  if (tls?.certificate.kind === 'lets-encrypt')
    checkDistinct(values, ['port', 'tls-port', 'gateway-tls-port', 'lets-encrypt-port'])
  return {
    port: tls && values['disable-http'] ? undefined : values.port,
    gatewayPort: values['gateway-port'],
    tls: tls && { ...tls, port: values['tls-port'], gatewayPort: values['gateway-tls-port'] },
  }
}
