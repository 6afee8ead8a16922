/** The Dispatch server as the agent sees it: over its local socket, where root needs no credentials. */
import { request } from 'node:http'

export interface ServerReply {
  readonly status: number
  readonly body: unknown
}

export interface ServerClient {
  /** Rejects when the server cannot be reached or does not answer in time. */
  send(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<ServerReply>
}

const timeoutMs = 30_000
const maxAnswerBytes = 4 * 1024 * 1024

const parseBody = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** `organization`: whose the requests are; one of its own for what is nobody's. */
export function createServerClient(socketPath: string, organization = 'dispatch'): ServerClient {
  return {
    send: (method, path, body) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? '' : JSON.stringify(body)
        const headers = {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(text),
          'X-Dispatch-Org': organization,
        }
        const signal = AbortSignal.timeout(timeoutMs)
        const sent = request({ socketPath, method, path, headers, signal }, answer => {
          const chunks: Buffer[] = []
          let bytes = 0
          answer.on('data', (chunk: Buffer) => {
            bytes += chunk.length
            if (bytes > maxAnswerBytes) answer.destroy(new Error('the server answers without end'))
            chunks.push(chunk)
          })
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, body: parseBody(Buffer.concat(chunks).toString()) }),
          )
          answer.on('error', reject)
        })
        sent.on('error', reject)
        sent.end(text)
      }),
  }
}

/** The sentence of an answer that is an error. */
export const messageIn = ({ status, body }: ServerReply): string =>
  typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string'
    ? body.message
    : `the server answered ${status}`
