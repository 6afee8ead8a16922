/** The audit log in a directory that only the server reads. */
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere, syncDirectory } from '../disk/files.ts'
import { type AuditStorage, isFileName } from './storage.ts'

const headName = 'head'
/** One sector: it is written whole or not at all. */
const headBytes = 512

const readText = async (path: string): Promise<string> => (await readIfThere(path)) ?? ''

/** Opens it without cutting it. */
async function openFile(path: string): Promise<FileHandle> {
  return open(path, 'r+').catch(() => open(path, 'wx+', 0o600))
}

/** Also where the system takes them in several pieces, as when a disk fills up: then the next piece is refused. */
async function writeWhole(handle: FileHandle, bytes: Buffer, atByte: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await handle.write(bytes, done, bytes.length - done, atByte + done)).bytesWritten
}

/** Only one server may use the directory at a time. */
export async function openDiskStorage(directory: string): Promise<AuditStorage> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  let opened: { name: string; handle: FileHandle } | undefined
  let isHeadSafe = false
  const handleOf = async (name: string): Promise<FileHandle> => {
    if (opened?.name === name) return opened.handle
    await opened?.handle.close()
    opened = undefined
    opened = { name, handle: await openFile(join(directory, name)) }
    await syncDirectory(directory)
    return opened.handle
  }
  return {
    names: async () => (await readdir(directory)).filter(isFileName).toSorted(),
    read: name => readText(join(directory, name)),
    write: async (name, text, atByte) => {
      const handle = await handleOf(name)
      await handle.truncate(atByte)
      await writeWhole(handle, Buffer.from(text), atByte)
      await handle.datasync()
    },
    remove: name => rm(join(directory, name), { force: true }),
    readHead: () => readText(join(directory, headName)),
    writeHead: async text => {
      const handle = await openFile(join(directory, headName))
      const bytes = Buffer.from(text.padEnd(headBytes - 1).concat('\n'))
      try {
        await writeWhole(handle, bytes, 0)
        // Without it no line may be there, also after a loss of power. Later ones stand in its place, and may come late.
        if (!isHeadSafe) await handle.sync()
        isHeadSafe = true
      } finally {
        await handle.close()
      }
    },
    close: async () => {
      await opened?.handle.close()
      opened = undefined
    },
  }
}
