/** Signatures as GitHub makes them: `sha256=` and the HMAC of the body's bytes, in hexadecimal. */
import { createHmac, timingSafeEqual } from 'node:crypto'

export const renderSignature = (secret: string, body: Buffer): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

/** Takes the same time wherever a wrong one differs. */
export function isSigned(body: Buffer, signature: string, secret: string): boolean {
  const [given, wanted] = [Buffer.from(signature), Buffer.from(renderSignature(secret, body))]
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
