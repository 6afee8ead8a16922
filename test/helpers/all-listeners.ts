/** Every listener of one app, and connections to each, over which a test sends bytes of its own. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { connect as connectOverTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import type { ExecutionContext } from 'ava'
import type { AppOptions } from '../../server/app-options.ts'
import { fixedIdentity } from '../../server/http/tls/identity.ts'
import { listen, portOf } from './listen.ts'
import { createTestApp, type TestApp } from './test-app.ts'

export const listenerNames = [
  'api',
  'api over TLS',
  'api on its socket',
  'gateway',
  'gateway over TLS',
  'ingest',
] as const
export type ListenerName = (typeof listenerNames)[number]

export interface Connection {
  socket: Socket
  /** All that comes back until the connection ends. */
  answer: Promise<string>
}

export interface AllListeners extends TestApp {
  /** A connection that may yet have to speak TLS. */
  connect(name: ListenerName): Socket
  /** Sends the bytes. */
  open(name: ListenerName, bytes: string): Connection
}

const isOverTls = (name: ListenerName): boolean => name.endsWith('over TLS')
const fixture = (name: string) => readFile(fileURLToPath(new URL(`../fixtures/cli/${name}`, import.meta.url)), 'utf8')

export async function openAllListeners(t: ExecutionContext, options: Partial<AppOptions> = {}): Promise<AllListeners> {
  const tls = fixedIdentity({ cert: await fixture('server.crt'), key: await fixture('server.key') })
  const testApp = await createTestApp(t, {}, { tls, ...options })
  const { api, apiOverTls, apiOnSocket, gateway, createIngestApi } = testApp.app
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-listeners-'))
  const ingest = createIngestApi()
  await Promise.all([api.ready(), ingest.ready()])
  const { http, https } = gateway.servers
  const servers: Record<ListenerName, Server | undefined> = {
    ...{ api: api.server, 'api over TLS': apiOverTls, 'api on its socket': apiOnSocket },
    ...{ gateway: http, 'gateway over TLS': https, ingest: ingest.server },
  }
  const socketPath = join(directory, 'api.sock')
  for (const [name, server] of Object.entries(servers))
    if (server) await listen(server, name === 'api on its socket' ? socketPath : 0)
  t.teardown(async () => {
    for (const server of Object.values(servers)) {
      server?.close()
      server?.closeAllConnections()
    }
    await rm(directory, { recursive: true, force: true })
  })
  const placeOf = (name: ListenerName) =>
    name === 'api on its socket' ? { path: socketPath } : { host: '127.0.0.1', port: portOf(servers[name]) }
  const dial = (name: ListenerName): Socket => connect(placeOf(name)).on('error', () => undefined)
  return {
    ...testApp,
    connect: dial,
    open: (name, bytes) => {
      const plain = dial(name)
      const socket = isOverTls(name) ? connectOverTls({ socket: plain, rejectUnauthorized: false }) : plain
      socket.on('error', () => undefined)
      socket.write(bytes)
      return { socket, answer: buffer(socket).then(String, () => '') }
    },
  }
}

/** Statuses of all answers in a text that came over one connection. */
export const statusesIn = (text: string): number[] =>
  [...text.matchAll(/(?:^|\n|\})HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status))
