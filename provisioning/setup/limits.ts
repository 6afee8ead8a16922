/** How much of anything a stranger gets while nobody has claimed the appliance. */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionLimits } from '../../server/http/connections.ts'

export const limits: ConnectionLimits = {
  maxHeaderBytes: 16 * 1024,
  arrivalMs: 30_000,
  checkMs: 2000,
  stallMs: 30_000,
  idleMs: 15_000,
}

const maxConnections = 128
/** Browsers open six. One host alone is not to keep everybody else out. */
const maxConnectionsPerAddress = 24

/** What is beyond is closed at once. */
export function boundConnections(server: Server): void {
  server.maxConnections = maxConnections
  const counts = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const count = (counts.get(address) ?? 0) + 1
    counts.set(address, count)
    socket.once('close', () => {
      const left = (counts.get(address) ?? 1) - 1
      if (left === 0) counts.delete(address)
      else counts.set(address, left)
    })
    if (count > maxConnectionsPerAddress) socket.destroy()
  })
}
