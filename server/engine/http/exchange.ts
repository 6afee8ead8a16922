/** One HTTP request to a container, which may be hostile: bounded in what is read, and in how long its answer may take once it has begun. */
import { type IncomingMessage, type RequestOptions, request } from 'node:http'
import { messageOf } from '../../core/errors.ts'

/** `unreached`: no connection came about, so that nothing has run. `failed`: it may have. */
export type Exchanged =
  | { kind: 'answer'; status: number; body: Buffer }
  | { kind: 'too-long'; maxBytes: number }
  | { kind: 'unreached' | 'failed'; cause: string }

export interface Exchange {
  url: string
  /** JSON to post; without it the URL is asked for. */
  body?: string
  maxBytes: number
  /** From the first byte of the answer to the last. */
  bodyTimeoutMs: number
  signal: AbortSignal
}

const connectTimeoutMs = 5_000
/** Of the answers that come before the answer, which nobody needs. */
const maxInterim = 16

class TooLongError extends Error {}

/** Never rejects. A connection of its own for each: one that idles may be closed in the very moment in which it is used again. */
export function exchange({ url, body, maxBytes, bodyTimeoutMs, signal }: Exchange): Promise<Exchanged> {
  const { promise, resolve } = Promise.withResolvers<Exchanged>()
  let connected = false
  let interim = 0
  const fail = (thrown: unknown) => {
    if (thrown instanceof TooLongError) resolve({ kind: 'too-long', maxBytes })
    else
      resolve({ kind: connected ? 'failed' : 'unreached', cause: messageOf(signal.aborted ? signal.reason : thrown) })
  }
  const sent = request(url, { ...planRequest(body), signal })
  const timer = setTimeout(() => sent.destroy(new Error('it took too long to connect')), connectTimeoutMs)
  sent.once('socket', socket =>
    socket.once('connect', () => {
      connected = true
      clearTimeout(timer)
    }),
  )
  sent.on('information', () => {
    interim += 1
    if (interim > maxInterim) sent.destroy(new Error('its answer does not begin'))
  })
  sent.on('error', fail)
  sent.once('close', () => {
    clearTimeout(timer)
    fail(new Error('the connection was closed without an answer'))
  })
  sent.once('response', response => {
    readBody(response, { maxBytes, bodyTimeoutMs }).then(
      read => resolve({ kind: 'answer', status: response.statusCode ?? 0, body: read }),
      thrown => {
        fail(thrown)
        sent.destroy()
      },
    )
  })
  sent.end(body)
  return promise
}

const planRequest = (body: string | undefined): RequestOptions => ({
  agent: false,
  method: body === undefined ? 'GET' : 'POST',
  headers: body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
})

async function readBody(
  response: IncomingMessage,
  { maxBytes, bodyTimeoutMs }: Pick<Exchange, 'maxBytes' | 'bodyTimeoutMs'>,
): Promise<Buffer> {
  const late = () => response.destroy(new Error(`its answer did not end within ${bodyTimeoutMs / 1000} s`))
  const timer = setTimeout(late, bodyTimeoutMs)
  try {
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of response) {
      bytes += chunk.length
      if (bytes > maxBytes) throw new TooLongError()
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } finally {
    clearTimeout(timer)
  }
}
