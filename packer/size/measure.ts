/** What each file of the sealed tree costs in the .ova: its content as grains of 64 KiB, each deflated as the VMDK has it. */
import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { deflate } from 'node:zlib'
import { extract } from 'tar-stream'
import { deflateLevel } from '../../ova/deflate.ts'

export type MeasuredFile = {
  /** From the root, with a slash in front. */
  readonly path: string
  readonly bytes: number
  readonly packedBytes: number
}

export type MeasuredTree = {
  /** Every file once, however many names it has. */
  readonly files: readonly MeasuredFile[]
  /** Path to the Debian package that brought it, by dpkg's own lists. */
  readonly owners: ReadonlyMap<string, string>
}

const grainBytes = 64 * 1024
const deflateAsync = promisify(deflate)
const packageList = /^\/var\/lib\/dpkg\/info\/([^/:]+)(?::[^/]+)?\.list$/

export async function measureTree(tar: string, onFile: (bytes: number) => void): Promise<MeasuredTree> {
  const files: MeasuredFile[] = []
  const owners = new Map<string, string>()
  for await (const entry of createReadStream(tar).pipe(extract())) {
    const path = entry.header.name.replace(/^\./, '')
    const content = entry.header.type === 'file' ? await buffer(entry) : undefined
    entry.resume()
    if (!content) continue
    const [, name] = packageList.exec(path) ?? []
    if (name) for (const line of content.toString().split('\n')) owners.set(resolveMergedUsr(line), name)
    files.push({ path, bytes: content.length, packedBytes: await packedBytesOf(content) })
    onFile(content.length)
  }
  return { files, owners }
}

/** Lists of older packages name `/bin` and its like, which are links into `/usr`. */
export const resolveMergedUsr = (path: string): string => path.replace(/^\/(bin|sbin|lib|lib64)\//, '/usr/$1/')

/** A file shares its last grain with the next one; here it pays for what it fills. */
async function packedBytesOf(content: Buffer): Promise<number> {
  const grains: Promise<Buffer>[] = []
  for (let at = 0; at < content.length; at += grainBytes)
    grains.push(deflateAsync(content.subarray(at, at + grainBytes), { level: deflateLevel }))
  return (await Promise.all(grains)).reduce((sum, { length }) => sum + length, 0)
}
