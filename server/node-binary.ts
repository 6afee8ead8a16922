/** Owns which Node goes into containers whose image has none: this process's own, or the one inside a single-file server. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isSea } from 'node:sea'
import { writeDurably } from './disk/files.ts'

/**
 * Node looks for a program in its own file when the mark behind this text is `:1`. Only its beginning is written here: the
 * whole text, with the digits that follow, must be in such a file once.
 */
const fuse = Buffer.from('NODE_SEA_FUSE_')
const digits = 32

/** Puts the fuse of a single executable out, in place: what is left is plain Node. Answers whether there was one. */
export function extinguishFuse(file: Buffer): boolean {
  for (let at = file.indexOf(fuse); at >= 0; at = file.indexOf(fuse, at + 1)) {
    const rest = at + fuse.length
    if (!/^[0-9a-f]{32}:1$/.test(file.toString('latin1', rest, rest + digits + 2))) continue
    file.write('0', rest + digits + 1)
    return true
  }
  return false
}

export interface NodeBinaryOptions {
  /** The file that this process runs. */
  execPath: string
  /** Where a single-file server keeps the Node that it has unpacked. */
  dataDir: string
  nodeVersion: string
}

/** Path of a Node binary. A single-file server unpacks its own at the first start with each version of Node. */
export async function loadNodeBinary({ execPath, dataDir, nodeVersion }: NodeBinaryOptions): Promise<string> {
  if (!isSea()) return execPath
  const unpacked = join(dataDir, `node-${nodeVersion}`)
  if (await stat(unpacked).catch(() => undefined)) return unpacked
  const file = await readFile(execPath)
  if (!extinguishFuse(file))
    throw new Error(`${execPath} holds no Node that can be unpacked: give one with --node-path`)
  await writeDurably(unpacked, file, { mode: 0o755 })
  return unpacked
}
