/** Files of the machine, written so that a power cut leaves the old one or the new one, whole. */
import { constants } from 'node:fs'
import { lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { AbsentStep, FileStep } from './plan/step.ts'

export interface Files {
  differs(step: FileStep | AbsentStep): Promise<boolean>
  write(step: FileStep | AbsentStep): Promise<void>
  /** Undefined where there is none. */
  read(path: string): Promise<string | undefined>
}

/** `root`: below which all paths are; `/` but for tests. */
export function createFiles(root: string): Files {
  const read = (path: string) => readFile(join(root, path), 'utf8').catch(undefinedWhereAbsent)

  /** Accounts are looked up each time: the plan before may have made them. */
  async function idOf(name: string, list: '/etc/passwd' | '/etc/group'): Promise<number> {
    const rows = ((await read(list)) ?? '').split('\n').map(row => row.split(':'))
    const id = rows.find(([each]) => each === name)?.[2]
    if (id === undefined) throw new Error(`${list} has no ${name}`)
    return Number(id)
  }

  async function write({ path, text, mode, owner, group }: FileStep): Promise<void> {
    const target = join(root, path)
    const [uid, gid] = [await idOf(owner, '/etc/passwd'), await idOf(group, '/etc/group')]
    await makeFolder(dirname(target))
    // Hidden, and under no name that a program takes for one of its own.
    const draft = join(dirname(target), `.${basename(target)}.new`)
    await rm(draft, { force: true })
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.chown(uid, gid)
      await file.chmod(mode)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, target)
    await syncFolder(dirname(target))
  }

  return {
    read,
    differs: async step => {
      const found = await lstat(join(root, step.path)).catch(undefinedWhereAbsent)
      if (step.kind === 'absent') return found !== undefined
      if (!found?.isFile() || (found.mode & 0o7777) !== step.mode) return true
      if (found.uid !== (await idOf(step.owner, '/etc/passwd'))) return true
      if (found.gid !== (await idOf(step.group, '/etc/group'))) return true
      return (await read(step.path)) !== step.text
    },
    write: async step => {
      if (step.kind === 'file') return await write(step)
      await rm(join(root, step.path))
      await syncFolder(dirname(join(root, step.path)))
    },
  }
}

async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o755 })
  if (made !== undefined) await syncFolder(dirname(made))
}

/** A name is on disk when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
  await folder.sync().finally(() => folder.close())
}

function undefinedWhereAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
