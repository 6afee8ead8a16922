/**
 * Owns the frame format between the server and what runs inside a container, version 1. Both directions, big-endian:
 *
 *   u32  bytes that follow
 *   u32  bytes of the header
 *   header: a JSON object; `type` says what it is (messages.ts), `parts` is an array with the length of each part in bytes
 *   the parts, one after the other
 *
 * What functions take and give (context, payload, output, printed lines) travels as parts, as it is: the server neither
 * parses nor renders it on the way.
 */

export interface Frame {
  header: Record<string, unknown>
  parts: Buffer[]
}

const lengthBytes = 4

export function encodeFrame(header: object, parts: readonly string[] = []): Buffer {
  const sizes = parts.map(part => Buffer.byteLength(part))
  const text = JSON.stringify({ ...header, parts: sizes })
  const headerBytes = Buffer.byteLength(text)
  const bytes = sizes.reduce((total, size) => total + size, lengthBytes + headerBytes)
  const frame = Buffer.allocUnsafe(lengthBytes + bytes)
  frame.writeUInt32BE(bytes, 0)
  frame.writeUInt32BE(headerBytes, lengthBytes)
  let at = 2 * lengthBytes
  for (const piece of [text, ...parts]) at += frame.write(piece, at)
  return frame
}

/**
 * Takes chunks as they come and hands out each frame once it is complete. Throws when the bytes are no frames or announce
 * more than `maxBytes`: the other side is hostile or broken, and nothing after that can be trusted.
 */
export function createFrameReader(maxBytes: number, onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let pending: Buffer[] = []
  let pendingBytes = 0
  let neededBytes = lengthBytes

  return chunk => {
    pending.push(chunk)
    pendingBytes += chunk.length
    // A large frame comes in many chunks, which are joined once: not before its end is here.
    if (pendingBytes < neededBytes) return
    let rest = pending.length === 1 ? chunk : Buffer.concat(pending)
    neededBytes = frameBytes(rest, maxBytes)
    while (rest.length >= neededBytes) {
      const body = rest.subarray(lengthBytes, neededBytes)
      rest = rest.subarray(neededBytes)
      neededBytes = frameBytes(rest, maxBytes)
      onFrame(decodeFrame(body))
    }
    pending = rest.length > 0 ? [rest] : []
    pendingBytes = rest.length
  }
}

/** Length of the frame that starts here; as long as that cannot be read, the bytes needed to read it. */
function frameBytes(start: Buffer, maxBytes: number): number {
  if (start.length < lengthBytes) return lengthBytes
  const bytes = start.readUInt32BE(0)
  if (bytes > maxBytes) throw new Error(`a frame of ${bytes} bytes exceeds the limit of ${maxBytes} bytes`)
  if (bytes < lengthBytes) throw new Error(`a frame of ${bytes} bytes has no room for its header`)
  return lengthBytes + bytes
}

function decodeFrame(body: Buffer): Frame {
  const headerEnd = lengthBytes + body.readUInt32BE(0)
  if (headerEnd > body.length) throw new Error('the header of a frame is longer than the frame')
  const header = parseHeader(body.toString('utf8', lengthBytes, headerEnd))
  let at = headerEnd
  const parts = parseSizes(header.parts).map(size => {
    at += size
    return body.subarray(at - size, at)
  })
  if (at !== body.length) throw new Error('the parts of a frame do not add up to its length')
  return { header, parts }
}

function parseHeader(text: string): Record<string, unknown> {
  const header: unknown = JSON.parse(text)
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new Error('the header of a frame is no object')
  }
  return header as Record<string, unknown>
}

function parseSizes(parts: unknown): number[] {
  if (Array.isArray(parts) && parts.every(size => Number.isSafeInteger(size) && size >= 0)) return parts
  throw new Error('a frame does not say how long its parts are')
}
