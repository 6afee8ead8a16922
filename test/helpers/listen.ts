/** A server of a test on a free port, or on a socket. */
import type { Server } from 'node:net'

export const listen = (server: Server, at: number | string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(typeof at === 'string' ? { path: at } : { host: '127.0.0.1', port: at }, () => resolve())
  })

/** 0 for one that is on no port. */
export function portOf(server: Server | undefined): number {
  const address = server?.address()
  return typeof address === 'object' && address ? address.port : 0
}
