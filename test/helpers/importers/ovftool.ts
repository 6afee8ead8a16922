/**
 * How ovftool, Workstation and content libraries take digests: of what they read. A disk is read as a stream of grains
 * and ends for them with the end-of-stream marker, so that whatever follows is not in the digest.
 */
import { createHash } from 'node:crypto'

const sectorBytes = 512

interface Source {
  /** Exactly so many bytes, which count for the digest. */
  take(bytes: number): Promise<Buffer>
}

function createSource(chunks: AsyncIterable<Buffer>, onTaken: (taken: Buffer) => void): Source {
  const iterator = chunks[Symbol.asyncIterator]()
  let waiting: Buffer = Buffer.alloc(0)
  return {
    async take(bytes) {
      const parts = [waiting]
      let held = waiting.length
      while (held < bytes) {
        const { done, value } = await iterator.next()
        if (done) throw new Error('the disk ends before its end-of-stream marker')
        parts.push(value)
        held += value.length
      }
      const all = Buffer.concat(parts)
      waiting = all.subarray(bytes)
      const taken = all.subarray(0, bytes)
      onTaken(taken)
      return taken
    },
  }
}

/** One marker and what belongs to it; false at the end of the stream. */
async function takeMarker(source: Source): Promise<boolean> {
  const marker = await source.take(sectorBytes)
  const [value, grainBytes, type] = [marker.readBigUInt64LE(0), marker.readUInt32LE(8), marker.readUInt32LE(12)]
  if (grainBytes > 0) await source.take(Math.ceil((12 + grainBytes) / sectorBytes) * sectorBytes - sectorBytes)
  else if (type !== 0) await source.take(Number(value) * sectorBytes)
  return grainBytes > 0 || type !== 0
}

/** SHA-256 of a VMDK up to and with its end-of-stream marker, and how many bytes that are. */
export async function digestDiskStream(chunks: AsyncIterable<Buffer>): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  const source = createSource(chunks, taken => {
    hash.update(taken)
    bytes += taken.length
  })
  const header = await source.take(sectorBytes)
  await source.take((Number(header.readBigUInt64LE(64)) - 1) * sectorBytes)
  while (await takeMarker(source));
  return { sha256: hash.digest('hex'), bytes }
}

export async function digestStream(chunks: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}
