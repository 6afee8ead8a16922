/** The file of an archive while it arrives, and when it is read. */
import { createReadStream } from 'node:fs'
import { constants, open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** What is there beyond `offset` goes: it is left of a piece that came only in part. */
export async function writeAt(path: string, offset: number, bytes: Buffer): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT, 0o600)
  try {
    await file.truncate(offset)
    for (let done = 0; done < bytes.length; )
      done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten
  } finally {
    await file.close()
  }
}

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
