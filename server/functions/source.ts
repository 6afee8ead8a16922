/** Source archives: looked at before they are stored, and unpacked to plain files and folders. */
import { createWriteStream } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { dispatchError, messageOf } from '../core/errors.ts'
import { FunctionLoadError } from '../core/execution.ts'
import { RefusedSourceError, readArchive } from './archive.ts'

/** Failures of this machine, not of the archive: unpacking is tried again later. */
const machineFaults = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'ENOMEM'])

function toLoadError(thrown: unknown): unknown {
  if (thrown instanceof FunctionLoadError) return thrown
  if (thrown instanceof Error && 'code' in thrown && machineFaults.has(String(thrown.code))) return thrown
  return new FunctionLoadError(`the source is not a gzipped tar archive: ${messageOf(thrown)}`)
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

/**
 * DispatchError SOURCE_REFUSED when the archive holds what it may not. One that cannot be read is let through: clients
 * know that as a function in ERROR.
 */
export async function checkSource(archive: Buffer): Promise<void> {
  try {
    await readArchive(archive, async ({ content }) => void content.resume())
  } catch (thrown) {
    if (thrown instanceof RefusedSourceError) throw dispatchError('SOURCE_REFUSED', { cause: thrown.message })
  }
}

/**
 * Unpacks into a directory that is there; what it holds after a failure is of no use. Rejects with FunctionLoadError when the
 * archive is not a gzipped tar of files and folders, or holds too much.
 */
export async function unpackSource(archive: Buffer, directory: string): Promise<void> {
  const makeFolder = createFolders(directory)
  try {
    await readArchive(archive, async ({ path, type, isExecutable, content }) => {
      await makeFolder(type === 'file' ? dirname(path) : path)
      if (type === 'directory') return void content.resume()
      await pipeline(content, createWriteStream(join(directory, path)))
      await chmod(join(directory, path), isExecutable ? 0o755 : 0o644)
    })
  } catch (thrown) {
    throw toLoadError(thrown)
  }
}
