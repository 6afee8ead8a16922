/** The listeners of a server, in the order in which they begin: where each is, and what is said when it cannot be. */
import type { Server } from 'node:http'
import type { App } from './app.ts'
import type { Config } from './config.ts'
import { messageOf } from './core/errors.ts'

interface Place {
  host: string
  port: number
}

interface Listener {
  part: 'gateway' | 'api'
  scheme: 'http' | 'https'
  server: Server
  listen(at: Place): Promise<unknown>
  /** Of the configuration. */
  key: string
  port: number
}

const titles = { gateway: 'the API gateway', api: 'the API' }
/** Programs wait for these in the log. */
const logged = { gateway: 'API Gateway', api: 'Dispatch HTTP server' }

const listenOn =
  (server: Server) =>
  (at: Place): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(at, () => {
        server.off('error', reject)
        resolve()
      })
    })

function planListeners({ api, apiOverTls, gateway }: App, { port, gatewayPort, tls }: Config): Listener[] {
  const plain = (part: Listener['part'], key: string, at: { server: Server; port: number }): Listener => ({
    ...{ part, key, scheme: 'http', listen: listenOn(at.server) },
    ...at,
  })
  const overTls = (...args: Parameters<typeof plain>): Listener => ({ ...plain(...args), scheme: 'https' })
  const { http, https } = gateway.servers
  return [
    plain('gateway', 'gateway-port', { server: http, port: gatewayPort }),
    ...(tls && https ? [overTls('gateway', 'gateway-tls-port', { server: https, port: tls.gatewayPort })] : []),
    ...(tls && apiOverTls ? [overTls('api', 'tls-port', { server: apiOverTls, port: tls.port })] : []),
    ...(port === undefined
      ? []
      : [{ ...plain('api', 'port', { server: api.server, port }), listen: (at: Place) => api.listen(at) }]),
  ]
}

/** Resolves with host:port. */
async function begin({ part, server, listen, key, port }: Listener, host: string): Promise<string> {
  try {
    await listen({ host, port })
  } catch (thrown) {
    const isTaken = thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE'
    const advice = isTaken
      ? `another program listens there: stop it, or choose another port with --${key}`
      : messageOf(thrown)
    throw new Error(`${titles[part]} cannot listen on ${host}:${port}: ${advice}`, { cause: thrown })
  }
  const bound = server.address()
  return `${host}:${typeof bound === 'object' && bound ? bound.port : port}`
}

/** Resolves with the addresses of the API, host:port. */
export async function beginListening(
  app: App,
  config: Config,
  log: { info(message: string): void },
): Promise<string[]> {
  await app.api.ready()
  const addresses: string[] = []
  for (const listener of planListeners(app, config)) {
    const address = await begin(listener, config.host)
    log.info(
      `${logged[listener.part]}: serving ${listener.scheme.toUpperCase()} traffic at ${listener.scheme}://${address}`,
    )
    if (listener.part === 'api') addresses.push(address)
  }
  return addresses
}
