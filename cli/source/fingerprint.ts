/** Owns how a change of a source directory is seen: by the names, sizes and times of what would be packed. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { listSource } from './tree.ts'

async function describeFile(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file)
  return `${file} ${size} ${mtimeMs}`
}

/** Undefined while something is being written that cannot be read yet. `beside` are further files in the directory. */
export async function takeFingerprint(directory: string, beside: readonly string[]): Promise<string | undefined> {
  try {
    const packed = (await listSource(directory)).filter(({ kind }) => kind === 'file').map(({ file }) => file)
    const states = packed.map(describeFile)
    const others = beside.map(name => describeFile(join(directory, name)).catch(() => `${name} is not there`))
    return (await Promise.all([...states, ...others])).join('\n')
  } catch {
    return undefined
  }
}
