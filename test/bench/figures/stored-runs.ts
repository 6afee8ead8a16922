/** A function with 100,000 stored runs: a page of them, and the function's deletion. */
import { cp } from 'node:fs/promises'
import { until } from '../../helpers/wait.ts'
import type { Figure, Group } from '../figure.ts'
import { deleteFunction, timeMs } from '../rest.ts'
import { inScope } from '../scope.ts'
import { type BenchServer, startBenchServer } from '../server.ts'
import { settle } from '../settle.ts'
import { addRuns, createDirectory, createTemplate } from '../stored.ts'

const count = 100_000
const page = 100
const listsARound = 20
const functionName = 'called-often'
const path = `/v1/runs?functionName=${functionName}&limit=${page}`

const list: Figure = {
  name: 'stored-runs.list.p50',
  unit: 'ms',
  about: `the last ${page} of 100,000 runs of a function`,
  statistic: 'p50',
  bars: [{ atMost: 10 }],
}
const removal: Figure = {
  name: 'stored-runs.delete',
  unit: 'ms',
  about: 'DELETE of that function until it and its runs are gone for every client',
  bars: [{ atMost: 1000 }],
}
const stall: Figure = {
  name: 'stored-runs.delete.stall',
  unit: 'ms',
  about: 'the longest that another client waited for an answer meanwhile, and in the 3 s after',
  bars: [{ atMost: 1000 }],
}
const watchedMs = 3000

async function listPage({ rest }: BenchServer): Promise<void> {
  const runs: unknown = JSON.parse(await rest.send('GET', path))
  if (!Array.isArray(runs) || runs.length !== page)
    throw new Error(`a list of ${page} runs was asked for, and not given`)
}

async function timeDeletion({ rest }: BenchServer): Promise<{ removedMs: number; stallMs: number }> {
  let isWatching = true
  const watch = async (): Promise<number> => {
    let longestMs = 0
    while (isWatching) longestMs = Math.max(longestMs, await timeMs(() => rest.send('GET', '/v1/version')))
    return longestMs
  }
  const watching = watch()
  const removedMs = await timeMs(async () => {
    await deleteFunction(rest, functionName)
    const isGone = async () => (await rest.send('GET', path)) === '[]'
    await until('the runs are gone', isGone)
  })
  const endMs = performance.now() + watchedMs
  await until('the watch is over', async () => performance.now() > endMs)
  isWatching = false
  return { removedMs, stallMs: await watching }
}

export const storedRuns: Group = {
  name: 'stored runs',
  rounds: 5,
  measurements: [
    {
      figures: [list, removal, stall],
      prepare: async scope => {
        const template = await createTemplate(scope, functionName)
        await addRuns(template, functionName, count)
        return () =>
          inScope(async inner => {
            const directory = await createDirectory(inner)
            await cp(template, directory, { recursive: true })
            const server = await startBenchServer(inner, { directory })
            const times: number[] = []
            while (times.length < listsARound) times.push(await timeMs(() => listPage(server)))
            await settle()
            const { removedMs, stallMs } = await timeDeletion(server)
            return { [list.name]: times, [removal.name]: removedMs, [stall.name]: stallMs }
          })
      },
    },
  ],
}
