/** SHA-256 of a file, or of a part of one, without holding it. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

export const digestText = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Lower-case hex. `bytes` may be 0. */
export async function digestFile(path: string, part: { offset: number; bytes: number }): Promise<string> {
  const hash = createHash('sha256')
  if (part.bytes > 0) {
    const options = { start: part.offset, end: part.offset + part.bytes - 1, highWaterMark: 1024 * 1024 }
    await pipeline(createReadStream(path, options), hash)
  }
  return hash.digest('hex')
}
