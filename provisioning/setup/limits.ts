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
  { keyOf: (address: string | undefined) => address ?? '', most: 24 },
  { keyOf: peerOf, most: 96 },
]

/** What is beyond is closed at once. */
export function boundConnections(server: Server): void {
  server.maxConnections = maxConnections
  const counters = bounds.map(bound => ({ ...bound, counts: new Map<string, number>() }))
  server.on('connection', (socket: Socket) => {
    for (const { keyOf, most, counts } of counters) {
      const key = keyOf(socket.remoteAddress)
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      socket.once('close', () => {
        const left = (counts.get(key) ?? 1) - 1
        if (left === 0) counts.delete(key)
        else counts.set(key, left)
      })
      if (count > most) socket.destroy()
    }
  })
}
