/** One connection that a process inside a container has opened to the server. */
import type { Socket } from 'node:net'
import { messageOf } from '../core/errors.ts'
import { createFrameReader, encodeFrame } from './frames.ts'
import { type FromRuntime, parseMessage, type ToRuntime } from './messages.ts'

export interface Connection {
  send(message: ToRuntime, parts?: readonly string[]): void
  close(): void
}

export interface ConnectionEvents {
  onMessage(message: FromRuntime): void
  onClose(): void
  /** The other side broke the protocol; the connection is closed already. */
  onViolation(reason: string): void
}

/** Of the frame that says who has dialled: any process of a function may, and as often as there are connections. */
export const firstFrameBytes = 4 * 1024

export function createConnection(socket: Socket, maxFrameBytes: number, events: ConnectionEvents): Connection {
  const bounds = { firstBytes: firstFrameBytes, maxBytes: maxFrameBytes }
  const read = createFrameReader(bounds, frame => events.onMessage(parseMessage(frame)))
  socket.on('data', chunk => {
    try {
      read(chunk)
    } catch (thrown) {
      socket.destroy()
      events.onViolation(messageOf(thrown))
    }
  })
  // What went wrong with the socket does not matter: the process at its other end is gone, and 'close' follows.
  socket.on('error', () => undefined)
  socket.on('close', () => events.onClose())
  return {
    send: (message, parts) => {
      if (socket.writable) socket.write(encodeFrame(message, parts))
    },
    close: () => socket.destroy(),
  }
}
