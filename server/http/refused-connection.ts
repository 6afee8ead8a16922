/** Answers for what never became a request: too slow, too large, or no HTTP. */
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type DispatchError, dispatchError, messageOf } from '../core/errors.ts'
import { renderError } from './answer.ts'
import { closedHeaders } from './closed-headers.ts'

const codeOf = (error: Error): unknown => ('code' in error ? error.code : undefined)

const refusalOf = (error: Error): DispatchError => {
  const code = codeOf(error)
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return dispatchError('REQUEST_TIMEOUT', {})
  if (code === 'HPE_HEADER_OVERFLOW') return dispatchError('HEADERS_TOO_LARGE', {})
  return dispatchError('NOT_HTTP', { cause: messageOf(error) })
}

/** An answer that has begun must not get another one into its middle. Node keeps the present one at the socket. */
function hasBegun(socket: Duplex): boolean {
  const answer: unknown = Reflect.get(socket, '_httpMessage')
  return typeof answer === 'object' && answer !== null && Reflect.get(answer, 'headersSent') === true
}

/** Tells the client what is wrong, as far as it still listens, and ends the connection. */
export function refuseConnection(error: Error, socket: Duplex, requestId: string): void {
  // Before the handshake is done nothing can be told, and Node does not give the connection up by itself.
  const isUnheard = codeOf(error) === 'ERR_TLS_HANDSHAKE_TIMEOUT'
  if (isUnheard || !socket.writable || hasBegun(socket)) {
    socket.destroy()
    return
  }
  const refusal = refusalOf(error)
  const body = renderError(refusal)
  const head = [
    `HTTP/1.1 ${refusal.httpStatus} ${STATUS_CODES[refusal.httpStatus]}`,
    `x-request-id: ${requestId}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(closedHeaders).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
