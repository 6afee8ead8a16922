/** One connection of the load: sends the request again when the answer is complete. */
import { connect, type Socket } from 'node:net'
import { scanAnswer } from './answer.ts'

const receiveBytes = 64 * 1024

export interface Line {
  start(): void
  end(): void
}

export interface LineEvents {
  /** A complete answer; true: send the next request. */
  onAnswer(bytes: Buffer): boolean
  onFailure(error: Error): void
}

/** One connection. Resolves when it is open. */
export function openLine(
  { port, request }: { port: number; request: Buffer },
  { onAnswer, onFailure }: LineEvents,
): Promise<Line> {
  return new Promise((resolve, reject) => {
    let partial: Buffer | undefined
    const receive = (length: number, buffer: Uint8Array): boolean => {
      const chunk = Buffer.from(buffer.buffer, buffer.byteOffset, length)
      const bytes = partial ? Buffer.concat([partial, chunk]) : chunk
      try {
        partial = scanAnswer(bytes) ? undefined : Buffer.from(bytes)
        if (!partial && onAnswer(bytes)) socket.write(request)
      } catch (thrown) {
        onFailure(thrown instanceof Error ? thrown : new Error(String(thrown)))
      }
      return true
    }
    const onread = { buffer: Buffer.alloc(receiveBytes), callback: receive }
    const socket: Socket = connect({ host: '127.0.0.1', port, noDelay: true, onread })
    const fail = (error: Error) => {
      reject(error)
      onFailure(error)
    }
    socket.once('connect', () => resolve({ start: () => socket.write(request), end: () => socket.destroy() }))
    socket.on('error', fail)
    socket.on('end', () => fail(new Error('the server closed a connection under load')))
  })
}
