/** Source archives: a gzipped tar becomes a directory that only holds plain files and folders. */
import { createWriteStream } from 'node:fs'
import { chmod, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { type Extract, extract } from 'tar-stream'
import { messageOf } from '../core/errors.ts'

/** The archive cannot be used: the caller's fault, shown as the reason of the function's ERROR status. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
}

const tarBlockBytes = 512
const maxUnpackedBytes = 256 * 1024 * 1024
const maxEntries = 20_000

/**
 * Archives of older clients end after the last data byte: padding and the two closing blocks are added. Unpacked bytes
 * are counted as they come, so that a small archive of much cannot fill memory or disk.
 */
async function* completeTar(tar: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of tar) {
    bytes += chunk.length
    if (bytes > maxUnpackedBytes) {
      throw new SourceError(`the source archive holds more than ${maxUnpackedBytes / 1024 ** 2} MiB: ship less with it`)
    }
    yield chunk
  }
  const paddingBytes = (tarBlockBytes - (bytes % tarBlockBytes)) % tarBlockBytes
  yield Buffer.alloc(paddingBytes + 2 * tarBlockBytes)
}

/** Failures of this machine, not of the archive: unpacking is tried again later. */
const machineFaults = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'ENOMEM'])

function toSourceError(thrown: unknown): unknown {
  if (thrown instanceof SourceError) return thrown
  if (thrown instanceof Error && 'code' in thrown && machineFaults.has(String(thrown.code))) return thrown
  return new SourceError(`the source is not a gzipped tar archive: ${messageOf(thrown)}`)
}

function safePath(name: string): string {
  const path = posix.normalize(name)
  if (path.startsWith('/') || path === '..' || path.startsWith('../')) {
    throw new SourceError(`the source archive has an entry outside of its root: '${name}'`)
  }
  return path
}

async function writeEntries(entries: Extract, directory: string): Promise<void> {
  let count = 0
  for await (const entry of entries) {
    count += 1
    if (count > maxEntries)
      throw new SourceError(`the source archive holds more than ${maxEntries} entries: ship less with it`)
    const { name, type, mode = 0 } = entry.header
    const path = join(directory, safePath(name))
    if (type === 'file') {
      await mkdir(dirname(path), { recursive: true, mode: 0o755 })
      await pipeline(entry, createWriteStream(path, { flush: true }))
      await chmod(path, 0o644 | (mode & 0o111))
    } else if (type === 'directory') {
      await mkdir(path, { recursive: true, mode: 0o755 })
      entry.resume()
    } else {
      throw new SourceError(`the source archive holds '${name}', which is neither a file nor a folder but a ${type}`)
    }
  }
}

/**
 * Unpacks into `directory`, which appears as a whole or not at all, also when the power fails: every file is on disk
 * before the directory has its name.
 * Rejects with SourceError when the archive is not a gzipped tar of files and folders, or holds too much.
 */
export async function unpackSource(archive: Buffer, directory: string): Promise<void> {
  const partial = `${directory}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: 0o755 })
  try {
    const entries = extract()
    const reading = pipeline(Readable.from([archive]), createGunzip(), completeTar, entries)
    // Both have ended before anything is removed, and what stopped the writing is the cause of both.
    const [written, read] = await Promise.allSettled([writeEntries(entries, partial), reading])
    for (const end of [written, read]) if (end.status === 'rejected') throw end.reason
  } catch (thrown) {
    await rm(partial, { recursive: true, force: true })
    throw toSourceError(thrown)
  }
  await rm(directory, { recursive: true, force: true })
  await rename(partial, directory)
}
