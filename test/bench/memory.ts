/** Asks the kernel, and Docker, how much memory is in use. */
import { readFileSync } from 'node:fs'
import { docker } from './server.ts'

const kibibytesAMegabyte = 1000 ** 2 / 1024
const bytesAMegabyte = 1000 ** 2

export function residentMegabytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kibibytes === undefined) throw new Error(`process ${pid} does not say how much memory it uses`)
  return Number(kibibytes) / kibibytesAMegabyte
}

/** As `docker stats` tells it: usage without the page cache that can go at any time; cgroup v1 and v2 name that differently. */
export async function containerMegabytes(id: string): Promise<number> {
  const { memory_stats } = await docker.getContainer(id).stats({ stream: false })
  const { usage, stats } = memory_stats
  const counters: Record<string, number | undefined> = { ...stats }
  return (usage - (counters.total_inactive_file ?? counters.inactive_file ?? 0)) / bytesAMegabyte
}
