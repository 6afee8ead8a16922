/** The arguments of all processes of this machine, as everybody can see them, for as long as somebody looks. */
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'

export interface CommandLines {
  /** All that were seen until now, each once. */
  seen(): string
  stop(): Promise<void>
}

/** So short that what is started for a single request is seen. */
const pauseMs = 10

/** '' for those that this process has started itself, whose arguments are what users type. */
async function readCommandLine(id: string): Promise<string> {
  const stat = await readFile(`/proc/${id}/stat`, 'latin1')
  // Behind the name, which is in brackets and may hold anything, stand the state and the parent.
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return parent === String(process.pid) ? '' : readFile(`/proc/${id}/cmdline`, 'latin1')
}

export function watchCommandLines(): CommandLines {
  const seen = new Set<string>()
  let isStopped = false
  const look = async (): Promise<void> => {
    const ids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
    // One that has ended meanwhile says nothing any more.
    const lines = ids.map(id => readCommandLine(id).catch(() => ''))
    for (const line of await Promise.all(lines)) seen.add(line)
  }
  const looking = (async () => {
    while (!isStopped) {
      await look()
      await pause(pauseMs)
    }
  })()
  return {
    seen: () => [...seen].join('\n'),
    stop: () => {
      isStopped = true
      return looking
    },
  }
}
