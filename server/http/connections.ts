/** What a listener allows a connection, and how its requests are numbered. */
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { refuseConnection } from './refused-connection.ts'
import { createClientTrust } from './tls/client-trust.ts'
import { createTlsListener, type TlsOptions } from './tls/listener.ts'

export interface ConnectionLimits {
  maxHeaderBytes: number
  /** For a request to arrive, its body included. How long its answer takes is nobody's business but the operation's. */
  arrivalMs: number
  /** How late the end of that time may be noticed. */
  checkMs: number
  /** An answer of which its reader takes nothing for so long is given up, with what it holds in memory. */
  stallMs: number
  /** A connection without a request is closed after so long. */
  idleMs: number
}

export const connectionLimits: ConnectionLimits = {
  maxHeaderBytes: 1024 * 1024,
  arrivalMs: 30_000,
  checkMs: 5000,
  stallMs: 60_000,
  idleMs: 72_000,
}

/** Blocking calls are never cut: only the arrival of a request is timed. */
export const createNodeOptions = ({ maxHeaderBytes, checkMs, arrivalMs, idleMs }: ConnectionLimits) =>
  ({
    maxHeaderSize: maxHeaderBytes,
    connectionsCheckingInterval: checkMs,
    // Node cuts a slow body only once both times are over.
    headersTimeout: arrivalMs,
    requestTimeout: arrivalMs,
    keepAliveTimeout: idleMs,
  }) satisfies ServerOptions

/** The first part tells the ids of one start of the server, and of one listener, from those of others. */
export function createRequestIds(startId: string): () => string {
  let requests = 0
  return () => {
    requests += 1
    return `${startId}-${requests}`
  }
}

export interface ListenerOptions {
  tls?: TlsOptions
  limits: ConnectionLimits
  nextRequestId(): string
  handle: RequestListener
}

/** A server without a framework, for what has no routes known beforehand. */
export function createListener({ limits, nextRequestId, handle, tls }: ListenerOptions): Server {
  const options = createNodeOptions(limits)
  const trust = tls?.clientCertificates && createClientTrust(tls.identity)
  const guarded = trust ? trust.guard(handle) : handle
  const server = tls ? createTlsListener(tls, options, guarded) : createServer(options, guarded)
  trust?.watch(server)
  // What a client expects beside 100-continue is none of ours: its request is answered like any other.
  server.on('checkExpectation', guarded)
  server.on('clientError', (error, socket) => refuseConnection(error, socket, nextRequestId()))
  return server
}

/** Resolves when its last connection has ended. Node tells one that never listened as an error. */
export const closeServer = (server: Server | undefined): Promise<void> =>
  new Promise(resolve => (server ? server.close(() => resolve()) : resolve()))
