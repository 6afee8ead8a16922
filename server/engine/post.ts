/** The socket of one container: whoever dials it came from inside, since nobody else has it. Tells control process from workers. */
import { chmod, mkdir } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type Connection, createConnection } from './connection.ts'
import type { FromRuntime } from './messages.ts'

/** What a connection turned out to be; both may throw when the other side breaks the protocol. */
export interface Peer {
  receive(message: FromRuntime): void
  closed(): void
}

export interface PostOptions {
  socketDir: string
  maxFrameBytes: number
  maxConnections: number
  /** Says who a new connection is by its first message. Throws when it cannot be anybody. */
  welcome(first: FromRuntime, connection: Connection): Peer
  onViolation(reason: string): void
}

/** Longest path that a unix socket can have on Linux, without its closing zero. */
const maxPathBytes = 107

/** Resolves once it listens, with the function that closes it and every connection. */
export async function openPost(options: PostOptions): Promise<() => void> {
  const path = join(options.socketDir, 'engine.sock')
  if (Buffer.byteLength(path) > maxPathBytes) {
    throw new Error(
      `the path of a socket is too long (${path}, at most ${maxPathBytes} bytes): choose a shorter data-dir`,
    )
  }
  await mkdir(options.socketDir, { recursive: true })
  // The user inside is nobody; only this container has the directory.
  await chmod(options.socketDir, 0o755)
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    accept(socket, options)
  })
  server.maxConnections = options.maxConnections
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(path, resolve)
  await promise
  await chmod(path, 0o666)
  return () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
}

function accept(socket: Socket, { maxFrameBytes, welcome, onViolation }: PostOptions): void {
  let peer: Peer | undefined
  const connection = createConnection(socket, maxFrameBytes, {
    onMessage: message => {
      if (peer) peer.receive(message)
      else peer = welcome(message, connection)
    },
    onClose: () => peer?.closed(),
    onViolation,
  })
}
