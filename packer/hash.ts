/** Hashes of the bake's inputs and outputs: sha256 of text, of a file, and of a set of files with their paths. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

/** One hash over files and folders: relative path, whether executable, content or link target of everything in them. */
export async function hashTree(root: string, paths: readonly string[]): Promise<string> {
  const lines: string[] = []
  for (const path of [...paths].sort()) await addLines(root, path, lines)
  return hashText(lines.join('\n'))
}

async function addLines(root: string, path: string, lines: string[]): Promise<void> {
  const full = join(root, path)
  const stat = await lstat(full)
  if (stat.isDirectory()) {
    for (const name of (await readdir(full)).sort()) await addLines(root, join(path, name), lines)
    return
  }
  if (stat.isSymbolicLink()) lines.push(`l ${path} ${await readlink(full)}`)
  else lines.push(`${stat.mode & 0o111 ? 'x' : 'f'} ${path} ${await hashFile(full)}`)
}
