/** Source archives: a gzipped tar becomes plain files and folders, and nothing else. */
import { createWriteStream } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { type Extract, extract } from 'tar-stream'
import { messageOf } from '../core/errors.ts'
import { FunctionLoadError } from '../core/execution.ts'

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
      throw new FunctionLoadError(
        `the source archive holds more than ${maxUnpackedBytes / 1024 ** 2} MiB: ship less with it`,
      )
    }
    yield chunk
  }
  const paddingBytes = (tarBlockBytes - (bytes % tarBlockBytes)) % tarBlockBytes
  yield Buffer.alloc(paddingBytes + 2 * tarBlockBytes)
}

/** Failures of this machine, not of the archive: unpacking is tried again later. */
const machineFaults = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'ENOMEM'])

function toLoadError(thrown: unknown): unknown {
  if (thrown instanceof FunctionLoadError) return thrown
  if (thrown instanceof Error && 'code' in thrown && machineFaults.has(String(thrown.code))) return thrown
  return new FunctionLoadError(`the source is not a gzipped tar archive: ${messageOf(thrown)}`)
}

function safePath(name: string): string {
  const path = posix.normalize(name)
  if (path.startsWith('/') || path === '..' || path.startsWith('../')) {
    throw new FunctionLoadError(`the source archive has an entry outside of its root: '${name}'`)
  }
  return path
}

/** Modes are set whatever the umask: the user inside the container is nobody. */
function createFolders(directory: string): (path: string) => Promise<void> {
  const made = new Set(['.'])
  const make = async (path: string): Promise<void> => {
    if (made.has(path)) return
    await make(dirname(path))
    await mkdir(join(directory, path), { recursive: true })
    await chmod(join(directory, path), 0o755)
    made.add(path)
  }
  return make
}

async function writeEntries(entries: Extract, directory: string): Promise<void> {
  const makeFolder = createFolders(directory)
  let count = 0
  for await (const entry of entries) {
    count += 1
    if (count > maxEntries)
      throw new FunctionLoadError(`the source archive holds more than ${maxEntries} entries: ship less with it`)
    const { name, type, mode = 0 } = entry.header
    const path = safePath(name)
    if (type === 'file') {
      await makeFolder(dirname(path))
      await pipeline(entry, createWriteStream(join(directory, path)))
      await chmod(join(directory, path), mode & 0o111 ? 0o755 : 0o644)
    } else if (type === 'directory') {
      await makeFolder(path.replace(/\/$/, ''))
      entry.resume()
    } else {
      throw new FunctionLoadError(
        `the source archive holds '${name}', which is neither a file nor a folder but a ${type}`,
      )
    }
  }
}

/**
 * Unpacks into a directory that is there; what it holds after a failure is of no use. Rejects with FunctionLoadError when the
 * archive is not a gzipped tar of files and folders, or holds too much.
 */
export async function unpackSource(archive: Buffer, directory: string): Promise<void> {
  const entries = extract()
  const reading = pipeline(Readable.from([archive]), createGunzip(), completeTar, entries)
  // Both have ended before anything is removed, and what stopped the writing is the cause of both.
  const ends = await Promise.allSettled([writeEntries(entries, directory), reading])
  for (const end of ends) if (end.status === 'rejected') throw toLoadError(end.reason)
}
