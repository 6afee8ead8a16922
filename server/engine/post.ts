/** The socket of one container: whoever dials it came from inside, since nobody else has it. Tells control process from workers. */
import { constants } from 'node:fs'
import { chmod, mkdir, open } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type Connection, createConnection } from './connection.ts'
import type { FromRuntime } from './messages.ts'

/** What a connection turned out to be; both may throw when the other side breaks the protocol. */
export interface Peer {
  receive(message: FromRuntime): void
  closed(): void
}

const socketName = 'engine.sock'

export interface PostOptions {
  socketDir: string
  maxFrameBytes: number
  maxConnections: number
  /** Says who a new connection is by its first message. Throws when it cannot be anybody. */
  welcome(first: FromRuntime, connection: Connection): Peer
  onViolation(reason: string): void
}

/** Resolves once it listens, with the function that closes it and every connection. */
export async function openPost(options: PostOptions): Promise<() => void> {
  await mkdir(options.socketDir, { recursive: true })
  // The user inside is nobody; only this container has the directory.
  await chmod(options.socketDir, 0o755)
  // A unix socket's path has at most 107 bytes; through the open directory it is short wherever the data lies.
  const directory = await open(options.socketDir, constants.O_RDONLY | constants.O_DIRECTORY)
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    accept(socket, options)
  })
  server.maxConnections = options.maxConnections
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(`/proc/self/fd/${directory.fd}/${socketName}`, resolve)
  await promise
  await chmod(join(options.socketDir, socketName), 0o666)
  return () => {
    // Closing removes the socket by the path that it was given, so the directory stays open until then.
    server.close(() => void directory.close())
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
