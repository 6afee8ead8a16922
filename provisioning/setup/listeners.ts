/** The four listeners of an unclaimed appliance: the page, the way to it, and what stands in for API and gateway. */
import type { RequestListener, Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { closeServer, createListener, createNodeOptions, createRequestIds } from '../../server/http/connections.ts'
import type { LiveIdentity } from '../../server/http/tls/identity.ts'
import { createTlsListener } from '../../server/http/tls/listener.ts'
import type { setupPorts } from '../ports.ts'
import { hostOf } from './asked-host.ts'
import { urlOf } from './first-steps.ts'
import { boundConnections, limits } from './limits.ts'
import { createSetupPage, type PageOptions } from './page.ts'

export type SetupPorts = Readonly<Record<keyof typeof setupPorts, number>>

export interface ListenersOptions extends Omit<PageOptions, 'serverFactory'> {
  readonly identity: LiveIdentity
  /** undefined: all addresses. */
  readonly host?: string
  readonly ports: SetupPorts
}

export interface Listeners {
  readonly page: FastifyInstance
  readonly servers: readonly Server[]
  /** Resolves when the last answer has been taken. */
  close(): Promise<void>
}

/** After this time answers that are not taken are given up. */
const endMs = 20_000

/** By the address that was asked for: nobody knows here which name leads to it. */
const pageOf: (request: Parameters<RequestListener>[0]) => string = ({ headers, socket }) =>
  urlOf(hostOf(headers) ?? socket.localAddress?.replace(/^::ffff:/, '') ?? 'localhost')

const closing = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', connection: 'close' }

const redirect: RequestListener = (request, response) => {
  // Not for ever: once it is claimed the gateway answers here.
  response.writeHead(307, { ...closing, location: pageOf(request), 'content-length': 0 }).end()
}

const refuse: RequestListener = (request, response) => {
  const message = `this appliance is not set up yet; claim it at ${pageOf(request)}`
  const body = JSON.stringify({ code: 503, message })
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'retry-after': '30' }
  response.writeHead(503, { ...closing, ...headers }).end(body)
}

const listen = (server: Server, { host, port }: { host: string | undefined; port: number }): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject).listen({ port, ...(host && { host }) }, () => resolve())
  })

export async function startListeners(options: ListenersOptions): Promise<Listeners> {
  const { identity, host, ports } = options
  const page = createSetupPage({
    ...options,
    serverFactory: handle => {
      const server = createTlsListener({ identity }, createNodeOptions(limits), handle)
      boundConnections(server)
      return server
    },
  })
  const nextRequestId = createRequestIds('setup')
  const plain = { limits, nextRequestId }
  const servers = [
    createListener({ ...plain, handle: redirect }),
    createListener({ ...plain, handle: refuse }),
    createListener({ ...plain, handle: refuse, tls: { identity } }),
  ]
  for (const server of servers) boundConnections(server)
  const portsOfServers = [ports.redirect, ports.refusal, ports.refusalTls]
  await page.listen({ port: ports.page, host: host ?? '::' })
  await Promise.all(servers.map((server, index) => listen(server, { host, port: portsOfServers[index] ?? 0 })))
  const all = [page.server, ...servers]
  /** Who takes an answer slowly does not keep the machine from what comes next. */
  const cut = (): void => {
    for (const server of all) server.closeAllConnections()
  }
  return {
    page,
    servers: all,
    close: async () => {
      const timer = setTimeout(cut, endMs)
      await Promise.all([page.close(), ...servers.map(closeServer)])
      clearTimeout(timer)
    },
  }
}
