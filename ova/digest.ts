/** SHA-256 of a text, and of a file or a part of one without holding it. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

const bufferBytes = 1024 * 1024

export const digestText = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Lower-case hex. A part that reaches beyond the end of the file is the part that there is. */
export async function digestFile(path: string, part: { offset: number; bytes: number }): Promise<string> {
  const hash = createHash('sha256')
  // One buffer for all: a stream would leave a new one for every chunk to the garbage collector.
  const buffer = Buffer.alloc(bufferBytes)
  const file = await open(path, 'r')
  try {
    for (let done = 0; done < part.bytes; ) {
      const wanted = Math.min(bufferBytes, part.bytes - done)
      const { bytesRead } = await file.read(buffer, 0, wanted, part.offset + done)
      if (bytesRead === 0) break
      hash.update(buffer.subarray(0, bytesRead))
      done += bytesRead
    }
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}
