/** What stays of a boot test that failed or was stopped: its logs, which the failure names; not the disks. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

export async function removeAllButLogs(dir: string): Promise<void> {
  const others = (await readdir(dir)).filter(name => !name.endsWith('.log'))
  for (const name of others) await rm(join(dir, name), { recursive: true, force: true })
}
