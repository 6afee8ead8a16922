/** Reads a raw disk as grains and skips those that hold only zeros. */
import type { FileHandle } from 'node:fs/promises'
import { grainBytes } from './vmdk-layout.ts'

export interface RawGrain {
  index: number
  /** Always a full grain: behind the end of the disk come zeros. Overwritten when the next one is asked for. */
  raw: Buffer
}

const chunkBytes = 16 * grainBytes
const zeros = Buffer.alloc(chunkBytes)
const isZero = (bytes: Buffer) => bytes.equals(zeros.subarray(0, bytes.length))

/** Fills `chunk` from the disk, and with zeros behind its end. */
async function readChunk(disk: FileHandle, chunk: Buffer, at: { byte: number; bytes: number }): Promise<void> {
  for (let filled = 0; filled < at.bytes; ) {
    const { bytesRead } = await disk.read(chunk, filled, at.bytes - filled, at.byte + filled)
    if (bytesRead === 0) {
      const problem = `the raw disk ended at byte ${at.byte + filled} while it was read: something else writes to it`
      throw new Error(`${problem}. Leave it unchanged and try again`)
    }
    filled += bytesRead
  }
  chunk.fill(0, at.bytes)
}

/** Yields the grains that are not all zero. `onRead` is told the position after each MiB. */
export async function* readGrains(
  disk: FileHandle,
  capacityBytes: number,
  onRead: (doneBytes: number) => void,
): AsyncGenerator<RawGrain> {
  const chunk = Buffer.alloc(chunkBytes)
  for (let byte = 0; byte < capacityBytes; byte += chunkBytes) {
    const bytes = Math.min(chunkBytes, capacityBytes - byte)
    await readChunk(disk, chunk, { byte, bytes })
    onRead(byte + bytes)
    if (isZero(chunk)) continue
    for (let offset = 0; offset < bytes; offset += grainBytes) {
      const raw = chunk.subarray(offset, offset + grainBytes)
      if (!isZero(raw)) yield { index: (byte + offset) / grainBytes, raw }
    }
  }
}
