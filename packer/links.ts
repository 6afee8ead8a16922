/** Gives a cached file its published name. */
import { copyFile, link, mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A second name of the cached file: no copy where both are on one file system, and never half-written. */
export async function publishFile(source: string, path: string): Promise<void> {
  const fresh = `${path}.${process.pid}`
  await mkdir(dirname(path), { recursive: true })
  await rm(fresh, { force: true })
  try {
    await link(source, fresh).catch(error => {
      if (error instanceof Error && 'code' in error && error.code === 'EXDEV') return copyFile(source, fresh)
      throw error
    })
    await rename(fresh, path)
  } finally {
    // Renaming one name of a file to another name of the same file does nothing, and leaves both.
    await rm(fresh, { force: true })
  }
}
