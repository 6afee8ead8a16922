/** Reads a part of a file by offset, with read-ahead, so that a walk from front to end costs few calls and little memory. */
import type { FileHandle } from 'node:fs/promises'

export interface ByteWindow {
  readonly bytes: number
  /** Up to `length` bytes from `offset`: fewer where the window ends. Valid until the next read. */
  read(offset: number, length: number): Promise<Buffer>
}

const readAheadBytes = 1024 * 1024

export function createByteWindow(file: FileHandle, part: { offset: number; bytes: number }): ByteWindow {
  const buffer = Buffer.alloc(readAheadBytes)
  let held = { offset: 0, bytes: 0 }
  const load = async (offset: number, wanted: number) => {
    let bytes = 0
    while (bytes < wanted) {
      const { bytesRead } = await file.read(buffer, bytes, wanted - bytes, part.offset + offset + bytes)
      if (bytesRead === 0) break
      bytes += bytesRead
    }
    held = { offset, bytes }
  }
  return {
    bytes: part.bytes,
    async read(offset, length) {
      const available = Math.max(0, Math.min(length, readAheadBytes, part.bytes - offset))
      if (offset < held.offset || offset + available > held.offset + held.bytes) {
        await load(offset, Math.min(readAheadBytes, Math.max(0, part.bytes - offset)))
      }
      return buffer.subarray(offset - held.offset, Math.min(held.bytes, offset - held.offset + available))
    },
  }
}
