/** What a thousand functions cost that nobody calls: a server's start, and its memory. */

import { startLiveServer } from '../../helpers/live-server.ts'
import type { Figure, Group } from '../figure.ts'
import { residentMegabytes } from '../memory.ts'
import { timeMs } from '../rest.ts'
import { inScope, oncePerScope, type Scope } from '../scope.ts'
import { settle } from '../settle.ts'
import { addFunctions, createTemplate } from '../stored.ts'

const count = 1000

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
  ],
}
