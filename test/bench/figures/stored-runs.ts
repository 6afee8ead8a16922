/** A function with 100,000 stored runs: a page of them, and the function's deletion. */
import { cp } from 'node:fs/promises'
import { until } from '../../helpers/wait.ts'
import type { Figure, Group } from '../figure.ts'
import { deleteFunction, greet, timeMs } from '../rest.ts'
import { inScope } from '../scope.ts'
import { type BenchServer, startBenchServer } from '../server.ts'
import { settle } from '../settle.ts'
import { addRuns, createDirectory, createTemplate, hasRows } from '../stored.ts'

const count = 100_000
const page = 100
const listsARound = 20
const functionName = 'called-often'
/** The function of others. */
const neighbour = 'neighbour'
/** Else the server would have removed nine in ten of them before they are listed. */
const keepAll = ['--run-retention-count', '0']
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
const rows: Figure = {
  name: 'stored-runs.delete.rows',
  unit: 'ms',
  about: 'the same until none of its rows is left in the database',
}
const stall: Figure = {
  name: 'stored-runs.delete.stall',
  unit: 'ms',
  about: 'the longest that a blocking run of another function took until then',
  bars: [{ atMost: 1000 }],
}

async function listPage({ rest }: BenchServer): Promise<void> {
  const runs: unknown = JSON.parse(await rest.send('GET', path))
  if (!Array.isArray(runs) || runs.length !== page)
    throw new Error(`a list of ${page} runs was asked for, and not given`)
}

/** Each run of the neighbour is on disk before its answer: it waits for the thread that removes the rows. */
async function timeDeletion({
  rest,
  live,
}: BenchServer): Promise<{ hiddenMs: number; goneMs: number; stallMs: number }> {
  let isWatching = true
  const watch = async (): Promise<number> => {
    let longestMs = 0
    while (isWatching) longestMs = Math.max(longestMs, await timeMs(() => greet(rest, neighbour)))
    return longestMs
  }
  const watching = watch()
  const begunMs = performance.now()
  await deleteFunction(rest, functionName)
  await until('nobody sees the runs', async () => (await rest.send('GET', path)) === '[]')
  const hiddenMs = performance.now() - begunMs
  await until('the rows are gone', async () => !hasRows(live.directory, functionName))
  const goneMs = performance.now() - begunMs
  isWatching = false
  return { hiddenMs, goneMs, stallMs: await watching }
}

export const storedRuns: Group = {
  name: 'stored runs',
  rounds: 5,
  measurements: [
    {
      figures: [list, removal, rows, stall],
      prepare: async scope => {
        const template = await createTemplate(scope, functionName, neighbour)
        await addRuns(template, functionName, count)
        return () =>
          inScope(async inner => {
            const directory = await createDirectory(inner)
            await cp(template, directory, { recursive: true })
            const server = await startBenchServer(inner, { directory, args: keepAll })
            const times: number[] = []
            while (times.length < listsARound) times.push(await timeMs(() => listPage(server)))
            await greet(server.rest, neighbour)
            await settle()
            const { hiddenMs, goneMs, stallMs } = await timeDeletion(server)
            return { [list.name]: times, [removal.name]: hiddenMs, [rows.name]: goneMs, [stall.name]: stallMs }
          })
      },
    },
  ],
}
