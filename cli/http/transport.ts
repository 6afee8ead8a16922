/** Owns how a server is asked: within which time, by which client. It knows nothing of Dispatch. */
import type { Agent, IncomingMessage } from 'node:http'
import type { NetConnectOpts } from 'node:net'
import type { Io } from '../io.ts'
import { askBare, type PlainAnswer } from './bare.ts'
import { explain } from './causes.ts'
import type { HttpRequest } from './exchange.ts'
import { bareHost, isLoopback, localOrigin } from './host.ts'

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

/** A server of this machine, which is asked over a bare socket; undefined for all others. */
function findNear(url: URL, socketPath: string | undefined): NetConnectOpts | undefined {
  if (url.protocol !== 'http:') return undefined
  if (socketPath !== undefined && url.origin === localOrigin) return { path: socketPath }
  return isLoopback(url.hostname) ? { host: bareHost(url.hostname), port: Number(url.port || '80') } : undefined
}

async function unpack(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding !== 'gzip') return body
  const { gunzipSync } = await import('node:zlib')
  return gunzipSync(body)
}

async function askNear(call: HttpRequest, signal: AbortSignal, socketPath?: string): Promise<PlainAnswer | undefined> {
  if (call.method !== 'GET' || call.stays || !URL.canParse(call.url)) return undefined
  const url = new URL(call.url)
  const server = findNear(url, socketPath)
  if (server === undefined) return undefined
  const question = { path: url.pathname + url.search, headers: { Host: url.host, ...call.headers } }
  return askBare(server, question, signal)
}

export function createTransport({ insecure, timeoutMs, io, socketPath }: TransportOptions): Transport {
  let agent: Agent | undefined

  async function ask(call: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const [{ Agent }, { arrive }] = await Promise.all([import('node:http'), import('./redirects.ts')])
    agent ??= new Agent({ keepAlive: true })
    return arrive(call, { insecure, env: io.env, socketPath, agent, signal })
  }

  async function limited<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const limit = new AbortController()
    const timer = timeoutMs > 0 ? setTimeout(() => limit.abort(), timeoutMs) : undefined
    try {
      return await work(AbortSignal.any([io.interrupted, limit.signal]))
    } catch (thrown) {
      if (limit.signal.aborted) throw new Error(`no answer within ${timeoutMs / 1000}s; see --request-timeout`)
      if (io.interrupted.aborted) throw new Error('interrupted')
      throw thrown instanceof Error ? explain(thrown) : thrown
    } finally {
      clearTimeout(timer)
    }
  }

  async function send(call: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const near = await askNear(call, signal, socketPath)
    if (near !== undefined) return { ...near, body: await unpack(near.body, near.encoding) }
    const answer = await ask(call, signal)
    const { readBody } = await import('./exchange.ts')
    const body = await unpack(await readBody(answer), answer.headers['content-encoding'])
    return { status: answer.statusCode ?? 0, body, date: answer.headers.date }
  }

  return {
    send: call => limited(signal => send(call, signal)),
    open: call =>
      limited(async signal => {
        const answer = await ask(call, signal)
        return { status: answer.statusCode ?? 0, chunks: answer }
      }),
    close: () => agent?.destroy(),
  }
}
