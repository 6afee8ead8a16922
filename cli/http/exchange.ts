/** Owns one HTTP exchange: its route, sockets, TLS, proxy. */
import { type Agent, type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http'
import type { Socket } from 'node:net'
import type { Io } from '../io.ts'
import { onSocket } from './causes.ts'
import { bareHost, localOrigin } from './host.ts'
import { chooseProxy, openTunnel, proxyHeaders, throughProxy } from './proxy.ts'

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** An answer that leads elsewhere is the answer. */
  readonly stays?: boolean
}

export async function readBody(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** A socket given here is used instead of a new one; Node's types leave it out. */
type Route = RequestOptions & { socket?: Socket; proxy?: URL }

export interface ExchangeOptions {
  readonly insecure: boolean
  readonly env: Io['env']
  /** Where `localOrigin` is. */
  readonly socketPath: string | undefined
  readonly agent: Agent
  readonly signal: AbortSignal
}

/** What differs between a direct connection, one through a proxy, and one through a tunnel of a proxy. */
async function planRoute(url: URL, options: ExchangeOptions): Promise<Route> {
  const { agent, signal, socketPath } = options
  if (socketPath !== undefined && url.origin === localOrigin)
    return { socketPath, path: url.pathname + url.search, agent }
  const proxy = chooseProxy(url, options.env)
  const target = { hostname: bareHost(url.hostname), port: url.port, path: url.pathname + url.search }
  if (url.protocol === 'http:') {
    if (proxy === undefined) return { ...target, agent }
    return { hostname: proxy.hostname, port: proxy.port, path: url.href, headers: proxyHeaders(proxy), agent, proxy }
  }
  const { loadTrustedRoots } = await import('./trust.ts')
  const tls = options.insecure ? { rejectUnauthorized: false } : { ca: loadTrustedRoots(options.env) }
  if (proxy === undefined) return { ...target, ...tls }
  return { ...target, ...tls, agent: false, socket: await openTunnel(proxy, url, signal) }
}

export async function exchange(call: HttpRequest, options: ExchangeOptions): Promise<IncomingMessage> {
  const url = new URL(call.url)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error(`unsupported protocol scheme ${JSON.stringify(url.protocol.slice(0, -1))}; use http or https`)
  const { proxy, ...route } = await planRoute(url, options)
  const told = (thrown: Error): Error => {
    if (route.socketPath) return onSocket(route.socketPath, thrown)
    return proxy === undefined ? thrown : throughProxy(proxy, thrown)
  }
  const open = url.protocol === 'https:' ? (await import('node:https')).request : requestPlain
  const length = call.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(call.body)) }
  const headers = { Host: url.host, ...route.headers, ...call.headers, ...length }
  return new Promise((resolve, reject) => {
    const outgoing = open({ ...route, method: call.method, headers, signal: options.signal }, resolve)
    outgoing.on('error', thrown => reject(told(thrown)))
    outgoing.end(call.body)
  })
}
