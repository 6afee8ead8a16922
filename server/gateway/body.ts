/** Takes in the body of a request, up to a limit. */
import type { IncomingMessage } from 'node:http'
import { dispatchError } from '../core/errors.ts'

const nothing = Buffer.alloc(0)

const hasBody = ({ 'content-length': length, 'transfer-encoding': coding }: IncomingMessage['headers']): boolean =>
  coding !== undefined || (length !== undefined && length !== '0')

/** Rejects with DispatchError BODY_TOO_LARGE, or BODY_NOT_PARSED when the client went away in the middle of it. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (!hasBody(request.headers)) return nothing
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw dispatchError('BODY_TOO_LARGE', {})
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let bytes = 0
    request.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes <= maxBytes) pieces.push(piece)
      else reject(dispatchError('BODY_TOO_LARGE', {}))
    })
    request.once('end', () => resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)))
    // An error is that the client has gone, too.
    for (const event of ['close', 'error']) {
      request.on(event, () => {
        if (!request.readableEnded)
          reject(dispatchError('BODY_NOT_PARSED', { bodyName: 'body', cause: 'it did not arrive as a whole' }))
      })
    }
  })
}
