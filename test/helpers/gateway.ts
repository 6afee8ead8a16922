/** The gateway of a test app on a port of its own, and a client that sends whatever it is told. */
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { ExecutionContext } from 'ava'
import type { AppOptions } from '../../server/app.ts'
import { loadCapture } from './captures.ts'
import type { Script } from './fake-execution.ts'
import { createTestApp, seed, type TestApp } from './test-app.ts'

export interface GatewayAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

export interface Sent {
  headers?: Record<string, string>
  body?: string | Buffer
}

export interface OpenGateway extends TestApp {
  port: number
  send(method: string, path: string, sent?: Sent): Promise<GatewayAnswer>
  /** Creates a function that is READY; its script says what it answers. */
  createFunction(name: string, org?: string): Promise<void>
  /** Creates an API that is enabled, in the organization `dispatch` unless told otherwise. */
  createApi(fields: { name: string; function: string } & Record<string, unknown>, org?: string): Promise<void>
}

const source = (): string => JSON.parse(loadCapture('027')[0]?.request.body ?? '').source

export async function openGateway(
  t: ExecutionContext,
  scripts: Record<string, Script> = {},
  options: Partial<AppOptions> = {},
): Promise<OpenGateway> {
  const app = await createTestApp(t, scripts, options)
  const { gateway } = app.app
  await gateway.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    const closed = gateway.close()
    gateway.server.closeAllConnections()
    await closed
  })
  const address = gateway.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await seed(app)
  const inOrg = (org: string) => ({ 'x-dispatch-org': org })
  return {
    ...app,
    port,
    send: (method, path, { headers = {}, body } = {}) =>
      new Promise((resolve, reject) => {
        const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, async answer => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: await text(answer) })
        })
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
