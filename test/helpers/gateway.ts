/** The gateway of a test app on a port of its own, and a client that sends whatever it is told. */
import { type IncomingMessage, request, type Server } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { TLSSocket } from 'node:tls'
import type { ExecutionContext } from 'ava'
import type { AppOptions } from '../../server/app-options.ts'
import { loadCapture } from './captures.ts'
import type { Script } from './fake-execution.ts'
import { createTestApp, seed, type TestApp } from './test-app.ts'

export interface GatewayAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  bytes: Buffer
  /** Subject of the certificate that was shown. */
  shown?: string
}

export interface Sent {
  headers?: Record<string, string>
  body?: string | Buffer
  /** Over TLS, by the name of the server that is asked for. */
  overTls?: string
}

export interface OpenGateway extends TestApp {
  port: number
  tlsPort: number
  send(method: string, path: string, sent?: Sent): Promise<GatewayAnswer>
  /** Creates a function that is READY; its script says what it answers. */
  createFunction(name: string, org?: string): Promise<void>
  /** Creates an API that is enabled, in the organization `dispatch` unless told otherwise. */
  createApi(fields: { name: string; function: string } & Record<string, unknown>, org?: string): Promise<void>
}

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>(resolve => server.listen({ host: '127.0.0.1', port: 0 }, resolve))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

const source = (): string => JSON.parse(loadCapture('027')[0]?.request.body ?? '').source

export async function openGateway(
  t: ExecutionContext,
  scripts: Record<string, Script> = {},
  options: Partial<AppOptions> = {},
): Promise<OpenGateway> {
  const app = await createTestApp(t, scripts, options)
  const { gateway } = app.app
  const { http, https } = gateway.servers
  t.teardown(async () => {
    const closed = gateway.close()
    for (const server of [http, https]) server?.closeAllConnections()
    await closed
  })
  const port = await listen(http)
  const tlsPort = https ? await listen(https) : 0
  await seed(app)
  const inOrg = (org: string) => ({ 'x-dispatch-org': org })
  return {
    ...app,
    port,
    tlsPort,
    send: (method, path, { headers = {}, body, overTls } = {}) =>
      new Promise((resolve, reject) => {
        const common = { host: '127.0.0.1', method, path, headers, agent: false } as const
        const take = async (answer: IncomingMessage) => {
          const bytes = await buffer(answer)
          const got = { status: answer.statusCode ?? 0, headers: answer.headers, bytes, text: bytes.toString() }
          const { socket } = answer
          resolve(socket instanceof TLSSocket ? { ...got, shown: String(socket.getPeerCertificate().subject.CN) } : got)
        }
        const sent =
          overTls === undefined
            ? request({ ...common, port }, take)
            : requestOverTls({ ...common, port: tlsPort, servername: overTls, rejectUnauthorized: false }, take)
        sent.once('error', reject)
        sent.end(body)
      }),
    createFunction: async (name, org = 'dispatch') => {
      if (org !== 'dispatch') {
        const base = { name: 'python3-base', dockerUrl: 'dispatchframework/python3-base:1', language: 'python3' }
        await app.call('POST', '/v1/baseimage', base, inOrg(org))
        await app.call('POST', '/v1/image', { name: 'python3', baseImageName: base.name }, inOrg(org))
      }
      const body = { name, image: 'python3', handler: 'hello.handle', source: source() }
      await app.call('POST', '/v1/function', body, inOrg(org))
      await app.reach(`/v1/function/${name}`, 'READY', inOrg(org))
    },
    createApi: async (fields, org = 'dispatch') => {
      const { status, text: told } = await app.call('POST', '/v1/api', { enabled: true, ...fields }, inOrg(org))
      if (status !== 200) throw new Error(told)
    },
  }
}
