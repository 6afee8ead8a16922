/** How much of anything a stranger gets while nobody has claimed the appliance. */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionLimits } from '../../server/http/connections.ts'
import { peerOf } from './peer.ts'

export const limits: ConnectionLimits = {
  maxHeaderBytes: 16 * 1024,
  arrivalMs: 30_000,
  checkMs: 2000,
  stallMs: 30_000,
  idleMs: 15_000,
}

const maxConnections = 128

/** Browsers open six. One host alone is not to keep everybody else out, also not by many addresses of one network of IPv6. */
const bounds = [
  { peerOf: (address: string | undefined) => address ?? '', most: 24 },
  { peerOf, most: 96 },
]

/** What is beyond is closed at once. */
export function boundConnections(server: Server): void {
  server.maxConnections = maxConnections
  const counters = bounds.map(bound => ({ ...bound, counts: new Map<string, number>() }))
  server.on('connection', (socket: Socket) => {
    for (const { peerOf, most, counts } of counters) {
      const peer = peerOf(socket.remoteAddress)
      const count = (counts.get(peer) ?? 0) + 1
      counts.set(peer, count)
      socket.once('close', () => {
        const left = (counts.get(peer) ?? 1) - 1
        if (left === 0) counts.delete(peer)
        else counts.set(peer, left)
      })
      if (count > most) socket.destroy()
    }
  })
}
