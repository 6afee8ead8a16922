/** Clients that were let in by authorities of before: once others are trusted they have to come again. */
import type { RequestListener, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { LiveIdentity } from './identity.ts'

export interface ClientTrust {
  /** What is running for them ends as it would have; nothing more of theirs is begun. */
  guard(handle: RequestListener): RequestListener
  watch(server: Server): void
}

export function createClientTrust({ current, follow }: LiveIdentity): ClientTrust {
  const trustedBy = new WeakMap<Socket, string | undefined>()
  const isFormer = (socket: Socket): boolean => trustedBy.get(socket) !== current().clientCa
  return {
    guard: handle => (request, response) => {
      const { socket } = request
      if (socket.destroyed || isFormer(socket)) return void socket.destroy()
      response.once('close', () => {
        if (isFormer(socket)) socket.end()
      })
      handle(request, response)
    },
    watch: server => {
      // Before Node's own listener, which takes the requests that came along with the handshake.
      server.prependListener('secureConnection', (socket: TLSSocket) => trustedBy.set(socket, current().clientCa))
      let before = current().clientCa
      follow(() => {
        if (current().clientCa !== before) server.closeIdleConnections()
        before = current().clientCa
      })
    },
  }
}
