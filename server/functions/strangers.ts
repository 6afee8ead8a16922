/** What a crash between two steps can leave on disk: code directories that no function names. */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FunctionEntity } from './schema.ts'

/** Removes them and returns how many there were. Call it before anything is unpacked. */
export async function removeStrangers(functions: FunctionEntity[], functionsDir: string): Promise<number> {
  await mkdir(functionsDir, { recursive: true, mode: 0o700 })
  const named = new Set(functions.flatMap(({ active, wanted }) => [active?.faasId, wanted.faasId]))
  const strangers = (await readdir(functionsDir)).filter(name => !named.has(name))
  await Promise.all(strangers.map(name => rm(join(functionsDir, name), { recursive: true, force: true })))
  return strangers.length
}
