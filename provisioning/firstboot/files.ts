/** Files of the machine, by the names of their accounts; a power cut leaves the old one or the new one, whole. */
import { lstat, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readIfThere, syncDirectory, writeDurably } from '../../server/disk/files.ts'
import type { AbsentStep, FileStep } from './plan/step.ts'

export interface Files {
  differs(step: FileStep | AbsentStep): Promise<boolean>
  write(step: FileStep | AbsentStep): Promise<void>
  /** Undefined where there is none. */
  read(path: string): Promise<string | undefined>
}

/** `root`: below which all paths are; `/` but for tests. */
export function createFiles(root: string): Files {
  const read = (path: string) => readIfThere(join(root, path))

  /** Accounts are looked up each time: the plan before may have made them. */
  async function idOf(name: string, list: '/etc/passwd' | '/etc/group'): Promise<number> {
    const rows = ((await read(list)) ?? '').split('\n').map(row => row.split(':'))
    const id = rows.find(([each]) => each === name)?.[2]
    if (id === undefined) throw new Error(`${list} has no ${name}`)
    return Number(id)
  }

  const ownerOf = async ({ owner, group }: FileStep) => ({
    uid: await idOf(owner, '/etc/passwd'),
    gid: await idOf(group, '/etc/group'),
  })

  return {
    read,
    differs: async step => {
      const found = await lstat(join(root, step.path)).catch(undefinedWhereAbsent)
      if (step.kind === 'absent') return found !== undefined
      if (!found?.isFile() || (found.mode & 0o7777) !== step.mode) return true
      const { uid, gid } = await ownerOf(step)
      return found.uid !== uid || found.gid !== gid || (await read(step.path)) !== step.text
    },
    write: async step => {
      const target = join(root, step.path)
      if (step.kind === 'file') {
        const owner = await ownerOf(step)
        await makeFolder(dirname(target))
        return await writeDurably(target, step.text, { mode: step.mode, owner })
      }
      await rm(target)
      await syncDirectory(dirname(target))
    },
  }
}

async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o755 })
  if (made !== undefined) await syncDirectory(dirname(made))
}

function undefinedWhereAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
