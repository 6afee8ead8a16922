/** The file of an archive when it is read. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** Unpacked, where it is packed by gzip; ends with an error when there is more of it than that. Opens it when it is read. */
export async function* readUnpacked(path: string, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of (await isPacked(path)) ? unpack(path) : createReadStream(path)) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new Error(`unpacked it has more than ${maxBytes} bytes (pull-size)`)
    yield chunk
  }
}

/** Whichever of the two ends, so does the other; the reader hears of a failure by the result. */
const unpack = (path: string): AsyncIterable<Buffer> =>
  pipeline(createReadStream(path), createGunzip(), () => undefined)

const gzipMagic = 0x1f8b

async function isPacked(path: string): Promise<boolean> {
  const file = await open(path)
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0).finally(() => file.close())
  return buffer.readUInt16BE() === gzipMagic
}
