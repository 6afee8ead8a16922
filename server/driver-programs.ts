/** Owns where the programs of built-in driver types are: beside the server, or unpacked by a server that is a single file. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { getAsset, isSea } from 'node:sea'
import { fileURLToPath } from 'node:url'

/** Path of a program below the bundles. */
export const programPathOf = (program: string): string => `drivers/${program}.cjs`

/** Resolves with the directory that the paths begin in. */
export async function loadProgramsDir(programs: readonly string[], dataDir: string): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url))
  if (!isSea()) return import.meta.url.endsWith('.ts') ? join(here, '../dist') : here
  const unpacked = join(dataDir, 'programs')
  for (const path of programs.map(programPathOf)) {
    await mkdir(dirname(join(unpacked, path)), { recursive: true })
    await writeFile(join(unpacked, path), getAsset(path, 'utf8'))
  }
  return unpacked
}
