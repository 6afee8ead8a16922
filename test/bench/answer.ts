/** Finds the end of an HTTP/1.1 answer in received bytes, at next to no cost: it does not parse the head. */

export interface Answer {
  status: number
  bodyStart: number
  /** Of head and body together. */
  bytes: number
}

const endOfHead = Buffer.from('\r\n\r\n')
/** As servers write it. */
const lengthHeaders = ['content-length: ', 'Content-Length: '].map(name => Buffer.from(name))
const zero = 48

function readDigits(bytes: Buffer, start: number): number {
  let value = 0
  for (let at = start; ; at += 1) {
    const digit = (bytes[at] ?? 0) - zero
    if (digit < 0 || digit > 9) return value
    value = value * 10 + digit
  }
}

function readLength(bytes: Buffer, headEnd: number): number {
  for (const header of lengthHeaders) {
    const at = bytes.indexOf(header)
    if (at >= 0 && at < headEnd) return readDigits(bytes, at + header.length)
  }
  throw new Error(`an answer does not say how long it is: ${bytes.toString('latin1', 0, headEnd)}`)
}

/** Undefined as long as the answer is not complete. Throws when it has no Content-Length. */
export function scanAnswer(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf(endOfHead)
  if (headEnd < 0) return undefined
  const bodyStart = headEnd + endOfHead.length
  const end = bodyStart + readLength(bytes, headEnd)
  return bytes.length < end ? undefined : { status: readDigits(bytes, 9), bodyStart, bytes: end }
}
