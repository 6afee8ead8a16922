/** One question over a local socket: JSON both ways, bounded in time and size. */
import { request } from 'node:http'

export interface Question {
  readonly socketPath: string
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs: number
}

export interface RawAnswer {
  readonly status: number
  readonly text: string
}

const maxAnswerBytes = 4 * 1024 * 1024

/** Rejects when nobody listens there, or does not answer in time, or without end. */
export function ask({ socketPath, method, path, body, headers = {}, timeoutMs }: Question): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const content = body === undefined ? '' : JSON.stringify(body)
    const all = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(content), ...headers }
    const signal = AbortSignal.timeout(timeoutMs)
    const asking = request({ socketPath, method, path, headers: all, signal, agent: false }, answer => {
      const pieces: Buffer[] = []
      let bytes = 0
      answer.on('data', (piece: Buffer) => {
        bytes += piece.length
        pieces.push(piece)
        if (bytes > maxAnswerBytes) answer.destroy(new Error(`an answer of more than ${maxAnswerBytes} bytes`))
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }))
    })
    asking.on('error', reject)
    asking.end(content)
  })
}
