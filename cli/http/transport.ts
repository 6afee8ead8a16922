/** Owns one HTTP exchange: sockets, TLS, proxy, time limit, redirects, compression. It knows nothing of Dispatch. */
import { Agent, type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http'
import type { Socket } from 'node:net'
import type { Io } from '../io.ts'
import { chooseProxy, openTunnel, proxyHeaders, throughProxy } from './proxy.ts'

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** An answer that leads elsewhere is the answer. */
  readonly stays?: boolean
}

export interface HttpResponse {
  readonly status: number
  readonly body: Buffer
  /** When the server wrote it, as it says. */
  readonly date?: string | undefined
}

/** An answer that is read as it comes; the reading ends with an error when the connection does. */
export interface HttpStream {
  readonly status: number
  readonly chunks: AsyncIterable<Buffer>
}

export interface TransportOptions {
  readonly insecure: boolean
  /** For the whole exchange, redirects included, of a stream until it begins; 0 = none. */
  readonly timeoutMs: number
  readonly io: Pick<Io, 'env' | 'interrupted'>
  /** Where `localOrigin` is. */
  readonly socketPath: string | undefined
}

export interface Transport {
  /** Rejects with an Error whose message is the cause in plain words. */
  send(request: HttpRequest): Promise<HttpResponse>
  /** As `send`, but resolves as soon as the answer begins. */
  open(request: HttpRequest): Promise<HttpStream>
  close(): void
}

/** Stands in URLs for the socket of a server on this machine. */
export const localOrigin = 'http://dispatch.localhost'

const maxRedirects = 10
const redirects = new Set([301, 302, 303, 307, 308])
const credentials = ['authorization', 'cookie']

const unknownAuthority =
  'certificate signed by unknown authority; name a file with its certificate in SSL_CERT_FILE, or accept any: --insecure'

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED:
    'connection refused; is the server running there? See --host, --port and --scheme, DISPATCH_CONFIG, or "dispatch context"',
  ENOTFOUND: 'no such host; see --host, or "dispatch context"',
  EAI_AGAIN: 'the name of the host cannot be looked up now; see --host, or "dispatch context"',
  EHOSTUNREACH: 'no route to host; see --host, or "dispatch context"',
  ENETUNREACH: 'network is unreachable; see --host, or "dispatch context"',
  ETIMEDOUT: 'connection timed out; see --host and --port, or "dispatch context"',
  ERR_INVALID_URL: 'not an address; see --host and --port, or "dispatch context"',
  ECONNRESET: 'EOF; the connection ended before the answer did: see --scheme, or try again',
  EPROTO: 'the server does not speak TLS there; try --scheme http, or an address that begins with http://',
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
}

const localCauses: Readonly<Record<string, string>> = {
  EACCES: 'only root and members of group dispatch may open it; join the group, or see --host',
  ENOENT: 'no such file; is the server running? See --socket, or --host',
  ECONNREFUSED: 'nothing listens there; is the server running? See --socket, or --host',
}

const codeOf = (thrown: Error): string => ('code' in thrown ? String(thrown.code) : '')

const onSocket = (path: string, thrown: Error): Error =>
  new Error(`local socket ${path}: ${localCauses[codeOf(thrown)] ?? thrown.message}`, { cause: thrown })

function explain(thrown: Error): Error {
  const code = codeOf(thrown)
  const isNoHttp = code.startsWith('HPE_')
  const cause = isNoHttp ? 'what answers there does not speak HTTP; see --host and --port' : causes[code]
  return new Error(cause ?? thrown.message, { cause: thrown })
}

async function readBody(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  if (answer.headers['content-encoding'] !== 'gzip') return body
  const { gunzipSync } = await import('node:zlib')
  return gunzipSync(body)
}

/** A socket given here is used instead of a new one; Node's types leave it out. */
type Route = RequestOptions & { socket?: Socket; proxy?: URL }

interface Connection extends TransportOptions {
  readonly agent: Agent
  readonly signal: AbortSignal
}

/** What differs between a direct connection, one through a proxy, and one through a tunnel of a proxy. */
async function planRoute(url: URL, options: Connection): Promise<Route> {
  const { agent, signal, socketPath } = options
  if (socketPath !== undefined && url.origin === localOrigin)
    return { socketPath, path: url.pathname + url.search, agent }
  const proxy = chooseProxy(url, options.io.env)
  const target = { hostname: url.hostname.replace(/^\[|\]$/g, ''), port: url.port, path: url.pathname + url.search }
  if (url.protocol === 'http:') {
    if (proxy === undefined) return { ...target, agent }
    return { hostname: proxy.hostname, port: proxy.port, path: url.href, headers: proxyHeaders(proxy), agent, proxy }
  }
  const { loadTrustedRoots } = await import('./trust.ts')
  const tls = options.insecure ? { rejectUnauthorized: false } : { ca: loadTrustedRoots(options.io.env) }
  if (proxy === undefined) return { ...target, ...tls }
  return { ...target, ...tls, agent: false, socket: await openTunnel(proxy, url, signal) }
}

async function exchange(call: HttpRequest, options: Connection): Promise<IncomingMessage> {
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

/** A redirected POST becomes a GET, except by 307 and 308; credentials do not follow to another origin. */
function follow(call: HttpRequest, status: number, location: string): HttpRequest {
  const url = new URL(location, call.url)
  const kept = Object.entries(call.headers).filter(
    ([name]) => url.origin === new URL(call.url).origin || !credentials.includes(name.toLowerCase()),
  )
  const keepsMethod = status === 307 || status === 308 || call.method === 'GET'
  if (keepsMethod) return { ...call, url: url.href, headers: Object.fromEntries(kept) }
  const plain = kept.filter(([name]) => name.toLowerCase() !== 'content-type')
  return { method: 'GET', url: url.href, headers: Object.fromEntries(plain) }
}

export function createTransport(options: TransportOptions): Transport {
  const agent = new Agent({ keepAlive: true })

  async function arrive(first: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
    let call = first
    for (let hops = 0; hops <= maxRedirects; hops += 1) {
      const answer = await exchange(call, { ...options, agent, signal })
      const status = answer.statusCode ?? 0
      const location = answer.headers.location
      if (first.stays || !redirects.has(status) || location === undefined) return answer
      await readBody(answer)
      call = follow(call, status, location)
    }
    throw new Error(`stopped after ${maxRedirects} redirects`)
  }

  async function limited<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const limit = new AbortController()
    const timer = options.timeoutMs > 0 ? setTimeout(() => limit.abort(), options.timeoutMs) : undefined
    try {
      return await work(AbortSignal.any([options.io.interrupted, limit.signal]))
    } catch (thrown) {
      if (limit.signal.aborted) throw new Error(`no answer within ${options.timeoutMs / 1000}s; see --request-timeout`)
      if (options.io.interrupted.aborted) throw new Error('interrupted')
      throw thrown instanceof Error ? explain(thrown) : thrown
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    send: first =>
      limited(async signal => {
        const answer = await arrive(first, signal)
        return { status: answer.statusCode ?? 0, body: await readBody(answer), date: answer.headers.date }
      }),
    open: first =>
      limited(async signal => {
        const answer = await arrive(first, signal)
        return { status: answer.statusCode ?? 0, chunks: answer }
      }),
    close: () => agent.destroy(),
  }
}
