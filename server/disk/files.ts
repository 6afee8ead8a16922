/** Files that a power cut leaves as they were or as they should be: written beside their place, synced, put there, and that synced. */
import { open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** What names in the directory stand for is on disk when it resolves. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  await handle.sync().finally(() => handle.close())
}

export interface Access {
  /** Holds whatever the umask says. */
  readonly mode: number
  /** Undefined: whoever writes it. */
  readonly owner?: { readonly uid: number; readonly gid: number }
}

async function writeDraft(draft: string, content: string | Buffer, { mode, owner }: Access): Promise<void> {
  // Never one that is there: it could be a link to somewhere else.
  await rm(draft, { force: true })
  const handle = await open(draft, 'wx', 0o600)
  try {
    if (owner) await handle.chown(owner.uid, owner.gid)
    await handle.chmod(mode)
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** On disk when it resolves, in the place of what was there. One writer at a time. */
export async function writeDurably(file: string, content: string | Buffer, access: Access): Promise<void> {
  // Hidden, and under no name that a program takes for one of its own.
  const draft = join(dirname(file), `.${basename(file)}.new`)
  try {
    await writeDraft(draft, content, access)
    await rename(draft, file)
  } catch (thrown) {
    await rm(draft, { force: true })
    throw thrown
  }
  await syncDirectory(dirname(file))
}

/** undefined when it is not there. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw thrown
  }
}
