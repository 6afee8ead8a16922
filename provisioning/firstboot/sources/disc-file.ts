/** Reads a file of a disc that anybody may have made: regular, of bounded size, UTF-8, and on the disc itself. */
import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export const maxFileBytes = 1024 * 1024

/** Discs without Rock Ridge or Joliet have names in capitals, without dashes: `OVF_ENV.XML`. */
const plain = (name: string): string => name.toLowerCase().replaceAll('_', '-').replace(/;\d+$/, '')

/** Undefined where the folder has no such file. Throws an Error for one that is not to be read. */
export async function readDiscFile(folder: string, wanted: string): Promise<string | undefined> {
  const name = (await readdir(folder)).toSorted().find(each => plain(each) === wanted)
  if (name === undefined) return undefined
  // Neither a link out of the disc is followed, nor a pipe waited for.
  const handle = await open(join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (!(await handle.stat()).isFile()) throw new Error('it is no regular file')
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(maxFileBytes + 1), 0, maxFileBytes + 1, 0)
    if (bytesRead > maxFileBytes) throw new Error(`it has more than ${maxFileBytes} bytes`)
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead))
  } finally {
    await handle.close()
  }
}
