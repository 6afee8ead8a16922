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
 *
 * A reader takes no more than 1 MiB of header and three parts, of a connection's first frame a few KiB (connection.ts), and as many
 * bytes in all as it was told.
 */
import { createHold } from './hold.ts'

export interface Frame {
  header: Record<string, unknown>
  parts: Buffer[]
}

const lengthBytes = 4

/** As many as any message has: output, stdout, stderr. */
export const maxParts = 3

/** The longest are those of errors, with their texts. So much is parsed in a moment whatever it is, four times as much in seconds. */
export const maxHeaderBytes = 1024 * 1024

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

export interface FrameBounds {
  /** Of the first frame, which says who the other side is: until then it is nobody. */
  firstBytes: number
  /** Of each after it. */
  maxBytes: number
}

/**
 * Takes chunks as they come and hands out each frame once it is complete. Throws when the bytes are no frames or exceed what a
 * frame may have: the other side is hostile or broken, and nothing after that can be trusted. Memory is held for bytes that came,
 * not for those that are announced.
 */
export function createFrameReader(bounds: FrameBounds, onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  const begun = createHold()
  let limitBytes = bounds.firstBytes
  let neededBytes = lengthBytes

  return chunk => {
    let rest = chunk
    // Most frames come in one chunk, of which nothing is copied.
    if (begun.bytes > 0) {
      if (begun.add(chunk) < neededBytes) return
      rest = begun.take()
    }
    neededBytes = frameBytes(rest, limitBytes)
    while (rest.length >= neededBytes) {
      const body = rest.subarray(lengthBytes, neededBytes)
      rest = rest.subarray(neededBytes)
      onFrame(decodeFrame(body))
      limitBytes = bounds.maxBytes
      neededBytes = frameBytes(rest, limitBytes)
    }
    // The end of a chunk would keep the whole of it, and that of joined chunks a whole frame.
    if (rest.length > 0) begun.add(rest === chunk ? chunk : Buffer.from(rest))
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
  if (headerEnd > lengthBytes + maxHeaderBytes) throw new Error(`the header of a frame exceeds ${maxHeaderBytes} bytes`)
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
  if (!Array.isArray(parts)) throw new Error('a frame does not say how long its parts are')
  if (parts.length > maxParts)
    throw new Error(`a frame has ${parts.length} parts, and no message more than ${maxParts}`)
  if (parts.every(size => Number.isSafeInteger(size) && size >= 0)) return parts
  throw new Error('a frame does not say how long its parts are')
}
