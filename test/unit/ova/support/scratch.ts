/** A folder for one test, removed when the test is over. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'

export async function createScratch(t: ExecutionContext): Promise<(name: string) => string> {
  const folder = await mkdtemp(join(tmpdir(), 'dispatch-ova-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return name => join(folder, name)
}
