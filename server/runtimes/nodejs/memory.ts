/** Asks the kernel about this container's memory. */
import { readFileSync, writeFileSync } from 'node:fs'
import { totalmem } from 'node:os'

/** cgroup v2, then v1; both hold a line `oom_kill <count>`. */
const counters = ['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control']

/** How many processes of this container the kernel has killed for want of memory; 0 where it does not say. */
export function countOomKills(): number {
  for (const path of counters) {
    const count = /^oom_kill (\d+)$/m.exec(readIfThere(path))?.[1]
    if (count !== undefined) return Number(count)
  }
  return 0
}

/**
 * What V8 may use for objects, in MiB: three quarters of what the container has now. Its own choice is half, and never more
 * than 2 GiB.
 */
export function chooseHeapMebibytes(): number {
  const bytes = Math.min(process.constrainedMemory() || totalmem(), totalmem())
  return Math.floor((bytes / 1024 ** 2) * 0.75)
}

/** V8 ends a process whose objects need more than that, with these words on its standard error. */
export const saysHeapExhausted = (signal: string | null, [, stderr]: Buffer[]): boolean =>
  signal === 'SIGABRT' && stderr !== undefined && stderr.includes('JavaScript heap out of memory')

/** Makes this process the one to go when memory runs out, rather than the one that can replace it. */
export function dieFirst(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // Without it the kernel chooses by size, which mostly is this process too.
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
