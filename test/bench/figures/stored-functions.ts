/** What functions at zero cost, a thousand that nobody called and some that fell asleep: a server's start, and its memory. */
import { cp } from 'node:fs/promises'
import { startLiveServer } from '../../helpers/live-server.ts'
import type { Figure, Group, Measurement } from '../figure.ts'
import { residentMegabytes } from '../memory.ts'
import { greet, timeMs } from '../rest.ts'
import { inScope, oncePerScope, type Scope } from '../scope.ts'
import { type BenchServer, startBenchServer } from '../server.ts'
import { settle } from '../settle.ts'
import { addFunctions, createDirectory, createTemplate } from '../stored.ts'

const count = 1000
/** Called before the measurement, which is then not of what a server needs for its first calls. */
const early = 10
const sleepers = 50

const empty: Figure = {
  name: 'start.empty',
  unit: 'ms',
  about: 'start to first 200 of a server with images and one function',
}
const full: Figure = {
  name: 'start.1000',
  unit: 'ms',
  about: 'the same with 1,000 more functions stored',
  bars: [{ atMost: 2, times: empty.name }],
}
const each: Figure = {
  name: 'memory.stored-function',
  unit: 'MB',
  about: 'what each of the 1,000 adds to the resident memory of the server at rest',
  bars: [{ atMost: 1 }],
}
const slept: Figure = {
  name: 'memory.slept-function',
  unit: 'MB',
  about: `what each of ${sleepers} of them adds to it that was called once and is asleep again`,
  bars: [{ atMost: 1 }],
}

interface Start {
  startMs: number
  megabytes: number
}

const startOn = (directory: string): Promise<Start> =>
  inScope(async scope => {
    let pid = 0
    const startMs = await timeMs(async () => {
      const live = await startLiveServer({ directory })
      scope.defer(() => live.stop())
      pid = live.pid
    })
    await settle()
    return { startMs, megabytes: residentMegabytes(pid) }
  })

const openDirectories = oncePerScope(async (scope: Scope) => {
  const [few, many] = [await createTemplate(scope, 'template'), await createTemplate(scope, 'template')]
  await addFunctions(many, 'template', count)
  return { few, many }
})

/** The memory of the server once the functions that it is told to call are asleep again. */
async function measureAsleep(server: BenchServer, { first, last }: { first: number; last: number }): Promise<number> {
  for (let number = first; number < last; number += 1) await greet(server.rest, `stored-${number}`)
  await server.reachFullPools()
  await settle()
  return residentMegabytes(server.live.pid)
}

const asleep: Measurement = {
  figures: [slept],
  prepare: async scope => {
    const { many } = await openDirectories(scope)
    return () =>
      inScope(async inner => {
        const directory = await createDirectory(inner)
        await cp(many, directory, { recursive: true })
        const server = await startBenchServer(inner, { directory, args: ['--function-idle', '1s'] })
        const before = await measureAsleep(server, { first: 0, last: early })
        const after = await measureAsleep(server, { first: early, last: early + sleepers })
        return { [slept.name]: (after - before) / sleepers }
      })
  },
}

export const storedFunctions: Group = {
  name: 'stored functions',
  rounds: 5,
  measurements: [
    {
      figures: [empty, full, each],
      prepare: async scope => {
        const { few, many } = await openDirectories(scope)
        return async () => {
          const [small, large] = [await startOn(few), await startOn(many)]
          return {
            [empty.name]: small.startMs,
            [full.name]: large.startMs,
            [each.name]: (large.megabytes - small.megabytes) / count,
          }
        }
      },
    },
    asleep,
  ],
}
