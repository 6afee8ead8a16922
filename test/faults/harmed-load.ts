/** A fault under load: what it cut off, told apart from what was asked before it and after it, which it must not touch. */
import type { ExecutionContext } from 'ava'
import type { LiveServer } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'
import { checkEnd, wasAcknowledged } from './ends.ts'
import { type Ask, type Load, loadedFunctions, startLoad } from './load.ts'
import type { LoadedStage } from './loaded-stage.ts'
import { execute } from './stage.ts'

/** Of a function: as many calls of it are under way in its container at most. */
export const maxWorkers = 8
const callers = 4
const calmAsks = 10 * callers

/** A run that ended as SystemError. */
export interface Cut {
  functionName: string
  message: string
}

export interface Harmed {
  asks: Ask[]
  cuts: Cut[]
  refused: Ask[]
  /** By name, each time that the server says that a function has lost its container. */
  losses: string[]
}

async function listLosses(server: LiveServer): Promise<string[]> {
  const lines = (await server.log()).split('\n').filter(line => line.includes('lost the container of a function'))
  return lines.map(line => JSON.parse(line).function)
}

const reach = ({ asks }: Load, count: number) => until('the load is on', async () => asks.length >= count)

async function listCuts(t: ExecutionContext, server: LiveServer, asks: Ask[]): Promise<Cut[]> {
  const cuts: Cut[] = []
  for (const asked of asks.filter(wasAcknowledged)) {
    const { status, error } = await checkEnd(t, server, asked)
    if (status === 'ERROR') cuts.push({ functionName: asked.functionName, message: error.message })
  }
  return cuts
}

/** Of each run, awaited or not, the stored end is read. What is asked once all is well again, and what was answered before, succeeds. */
export async function harmUnderLoad(
  t: ExecutionContext,
  { server, reachRestored }: LoadedStage,
  { name, harm }: { name: string; harm(): Promise<unknown> },
): Promise<Harmed> {
  const known = (await listLosses(server)).length
  const load = startLoad(server, { name, callers })
  await reach(load, calmAsks)
  const before = load.asks.filter(({ blocking }) => blocking)
  await harm()
  for (const each of loadedFunctions)
    await until(`${each} answers again`, async () => (await execute(server, each, name)).body.output === name)
  await reachRestored()
  await load.stop()
  const after = startLoad(server, { name: `after-${name}`, callers })
  await reach(after, calmAsks)
  await after.stop()
  t.deepEqual(await listCuts(t, server, [...before, ...after.asks]), [])
  const cuts = await listCuts(
    t,
    server,
    load.asks.filter(each => !before.includes(each)),
  )
  const asks = [...load.asks, ...after.asks]
  return {
    asks,
    cuts,
    refused: asks.filter(each => !wasAcknowledged(each)),
    losses: (await listLosses(server)).slice(known),
  }
}
