/** The way to the API over the local socket: what comes by it is told from all else by the connection, not by what it says. */
import type { RequestListener, Server } from 'node:http'
import { type ConnectionLimits, createListener, createRequestIds } from './connections.ts'

export interface LocalWay {
  isLocal(socket: object): boolean
  createServer(handle: RequestListener): Server
}

export function createLocalWay(startId: string, limits: ConnectionLimits): LocalWay {
  const sockets = new WeakSet<object>()
  return {
    isLocal: socket => sockets.has(socket),
    createServer: handle =>
      createListener({ limits, handle, nextRequestId: createRequestIds(`${startId}-local`) }).on('connection', socket =>
        sockets.add(socket),
      ),
  }
}
