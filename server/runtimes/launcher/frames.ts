/** Speaks the frame format (described in the server's engine/frames.ts): this side writes headers and reads the server's. */

export interface Frame {
  header: Record<string, unknown>
  parts: Buffer[]
}

/** u32 length of what follows, u32 length of the header, the header as JSON, then the parts as they are. */
export function encodeFrame(header: object, parts: Uint8Array[] = []): Buffer {
  const text = Buffer.from(JSON.stringify({ ...header, parts: parts.map(part => part.length) }))
  const start = Buffer.allocUnsafe(8)
  start.writeUInt32BE(
    parts.reduce((total, part) => total + part.length, 4 + text.length),
    0,
  )
  start.writeUInt32BE(text.length, 4)
  return Buffer.concat([start, text, ...parts])
}

/** Takes chunks as they come and hands out each frame once it is complete. */
export function createFrameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let pending: Buffer[] = []
  let pendingBytes = 0
  return chunk => {
    pending.push(chunk)
    pendingBytes += chunk.length
    // A large frame comes in many chunks, which are joined once: not before its end is here.
    if (pendingBytes < missingBytes(pending[0])) return
    let rest = pending.length === 1 ? chunk : Buffer.concat(pending)
    while (rest.length >= missingBytes(rest)) {
      const end = 4 + rest.readUInt32BE(0)
      const frame = decodeFrame(rest.subarray(4, end))
      rest = rest.subarray(end)
      onFrame(frame)
    }
    pending = rest.length > 0 ? [rest] : []
    pendingBytes = rest.length
  }
}

/** Bytes of the first frame as far as its length can be read already; the bytes of a length otherwise. */
const missingBytes = (start: Buffer | undefined): number =>
  start && start.length >= 4 ? 4 + start.readUInt32BE(0) : Math.max(4, (start?.length ?? 0) + 1)

function decodeFrame(body: Buffer): Frame {
  let at = 4 + body.readUInt32BE(0)
  const header = JSON.parse(body.toString('utf8', 4, at))
  const parts = header.parts.map((size: number) => {
    at += size
    return body.subarray(at - size, at)
  })
  return { header, parts }
}
