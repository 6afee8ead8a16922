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

/** The launcher, and what a worker has beside its objects. */
const reserveMebibytes = 96

/**
 * What a worker may use for objects, in MiB: three quarters of what the container has now, in small ones less, so that a runtime
 * collects garbage before the kernel ends it. Runtimes left to themselves take less: V8 half, and never more than 2 GiB.
 */
export function chooseHeapMebibytes(): number {
  const mebibytes = Math.min(process.constrainedMemory() || totalmem(), totalmem()) / 1024 ** 2
  return Math.floor(Math.max(0.5 * mebibytes, Math.min(0.75 * mebibytes, mebibytes - reserveMebibytes)))
}

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
