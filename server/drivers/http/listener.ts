/** The listener of the driver `http`: each POST becomes an event, answered once the server has it. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { renderEvent } from './event.ts'
import type { WebhookSettings } from './settings.ts'
import { isSigned } from './signature.ts'

export interface ListenerOptions {
  settings: WebhookSettings
  /** Resolves when the event is on disk. */
  send(json: string): Promise<void>
  /** For the log. */
  print(line: string): void
}

const maxBodyBytes = 10 * 1024 * 1024
const arrivalMs = 30_000
const maxConnections = 256

/** Undefined when it is too large; the rest of it is not read then. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function answer(response: ServerResponse, status: number, message: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(`${JSON.stringify({ message })}\n`)
}

export function createListener({ settings, send, print }: ListenerOptions): Server {
  const { secret, signatureHeader } = settings

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return answer(response, 405, 'events are sent by POST', { allow: 'POST' })
    const body = await readBody(request)
    if (!body) return answer(response, 413, `the body is larger than ${maxBodyBytes} bytes`, { connection: 'close' })
    if (secret !== '' && !isSigned(body, String(request.headers[signatureHeader] ?? ''), secret))
      return answer(response, 401, `the header ${signatureHeader} does not hold the signature of the body`)
    const received = {
      target: request.url ?? '/',
      headers: request.headers,
      body,
      newId: randomUUID(),
      time: new Date(),
    }
    try {
      await send(renderEvent(received, settings))
      answer(response, 202, 'accepted')
    } catch (thrown) {
      print(`an event was not taken: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
      answer(response, 502, 'the event was not taken: send it again later', { 'retry-after': '10' })
    }
  }

  const server = createServer({ requestTimeout: arrivalMs, headersTimeout: arrivalMs }, (request, response) => {
    // Who goes before all is said gets no answer.
    take(request, response).catch(() => response.destroy())
  })
  server.maxConnections = maxConnections
  return server
}
