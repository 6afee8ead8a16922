/** Who a client is by its certificate. */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/**
 * The common name of a certificate that somebody trusted has made; '' without one, and where it has no name or several: it must
 * not depend on the reader who is meant.
 */
export function clientNameOf(socket: Socket): string {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return ''
  const name: unknown = socket.getPeerX509Certificate()?.toLegacyObject().subject.CN
  return typeof name === 'string' ? name : ''
}
