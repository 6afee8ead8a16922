/** Owns `top`: which functions are called, how they fare, and how busy the server is. */
import type { ApiClient } from '../client.ts'
import { defineCommand, exactly } from '../command.ts'
import { ApiFailure } from '../failure.ts'
import { integerOf, type Json, type JsonObject, numberOf, objectsOf, renderJson, textOf } from '../format/json.ts'
import { parseMetrics } from '../format/metrics.ts'
import { renderTable } from '../format/table.ts'
import { type FunctionLoad, measureFunctions } from '../function-loads.ts'
import type { Io } from '../io.ts'
import type { Session } from '../session.ts'

const periodMs = 2000
/** As many as the server gives at once. */
const maxRuns = 1000
/** The year 1. */
const beginning = '-62135596800'
const mebibyte = 1024 * 1024
/** To the upper left, then clear what is below. */
const beginAnew = '\u001b[H\u001b[J'

interface Sight {
  readonly functions: readonly JsonObject[]
  /** Of each version that has a container; none of a server that does not tell. */
  readonly usages: readonly JsonObject[]
  readonly runs: readonly JsonObject[]
  readonly metrics: ReadonlyMap<string, number>
}

/** 0 = all of them. */
const secondsBefore = (io: Io, durationMs: number): string =>
  durationMs === 0 ? beginning : String(Math.floor((io.now().getTime() - durationMs) / 1000))

async function look(client: ApiClient, io: Io, sinceMs: number): Promise<Sight> {
  const query = { since: secondsBefore(io, sinceMs), limit: String(maxRuns) }
  // Docker takes a second to measure containers.
  const [usages, runs, functions, { status, text }] = await Promise.all([
    loadUsages(client),
    client.request({ method: 'GET', path: ['v1', 'runs'], query }),
    client.request({ method: 'GET', path: ['v1', 'function'] }),
    client.inspect({ method: 'GET', path: ['metrics'] }),
  ])
  const metrics = parseMetrics(status === 200 ? text : '')
  return { functions: objectsOf(functions), usages, runs: objectsOf(runs), metrics }
}

async function loadUsages(client: ApiClient): Promise<JsonObject[]> {
  try {
    return objectsOf(await client.request({ method: 'GET', path: ['v1', 'usage'] }))
  } catch (thrown) {
    if (thrown instanceof ApiFailure) return []
    throw thrown
  }
}

const renderMs = (value: number | undefined): string =>
  value === undefined ? '' : value < 1000 ? `${value.toFixed(1)} ms` : `${(value / 1000).toFixed(2)} s`

interface Row extends FunctionLoad {
  readonly status: string
  /** Its limit in MiB; 0 where it has the server's own. */
  readonly memory: bigint
  /** In use now; 0 while it has no container. */
  readonly memoryBytes: bigint
}

function planRows({ functions, usages, runs }: Sight): Row[] {
  const byName = new Map(functions.map(it => [textOf(it.name), it]))
  return measureFunctions([...byName.keys()], runs).map(load => {
    const known = byName.get(load.name)
    const used = usages.filter(({ name }) => name === load.name).map(({ memoryBytes }) => integerOf(memoryBytes))
    const memoryBytes = used.reduce((sum, bytes) => sum + bytes, 0n)
    const status = known ? textOf(known.status) : 'DELETED'
    return { ...load, status, memory: integerOf(known?.memory), memoryBytes }
  })
}

/** What is used, and of how much where the function has a limit of its own. */
function renderMemory({ memory, memoryBytes }: Row): string {
  const used = memoryBytes === 0n ? '' : String(Math.round(Number(memoryBytes) / mebibyte))
  if (memory === 0n) return used && `${used} MiB`
  return used === '' ? `up to ${memory} MiB` : `${used} of ${memory} MiB`
}

/** What the server as a whole does; empty for one that has no metrics. */
function renderServer(metrics: Sight['metrics']): string {
  const gauge = (name: string) => metrics.get(`dispatch_${name}`) ?? 0
  const memory = metrics.get('process_resident_memory_bytes')
  if (memory === undefined) return ''
  const workers = `${gauge('workers')} of ${gauge('workers_limit')} workers, ${gauge('functions_warm')} functions warm`
  const calls = `calls: ${gauge('calls_under_way')} under way, ${gauge('calls_waiting')} waiting`
  return `server: ${Math.round(memory / mebibyte)} MiB, ${workers}; ${calls}\n`
}

const titles = ['FUNCTION', 'STATUS', 'CALLS', 'ERRORS', 'UNDER WAY', 'P50', 'P99', 'MEMORY']

function renderText(sight: Sight, colored: boolean): string {
  const rows = planRows(sight).map(row => {
    const counts = [row.calls, row.errors, row.underWay].map(String)
    return [row.name, row.status, ...counts, renderMs(row.medianMs), renderMs(row.p99Ms), renderMemory(row)]
  })
  const note = sight.runs.length < maxRuns ? '' : `only the last ${maxRuns} runs are counted\n`
  return renderServer(sight.metrics) + renderTable({ titles, rows, colored }) + note
}

const orNull = (value: number | undefined): Json => (value === undefined ? null : numberOf(String(value)))
const orNone = (value: bigint): Json => (value === 0n ? null : numberOf(String(value)))
const renderRow = ({ name, status, calls, errors, underWay, medianMs, p99Ms, memory, memoryBytes }: Row): Json => ({
  ...{ name, status, calls: orNull(calls), errors: orNull(errors), underWay: orNull(underWay) },
  ...{ medianMs: orNull(medianMs), p99Ms: orNull(p99Ms), memory: orNone(memory), memoryBytes: orNone(memoryBytes) },
})

async function refresh(load: () => Promise<Sight>, { session, io }: { session: Session; io: Io }): Promise<number> {
  const colored = await session.isColored()
  try {
    while (!io.interrupted.aborted) {
      io.stdout.write(beginAnew + renderText(await load(), colored))
      await io.pause(periodMs)
    }
  } catch (thrown) {
    if (!io.interrupted.aborted) throw thrown
  }
  return 0
}

export const command = defineCommand({
  usage: '',
  description:
    'Show functions by how often they were called, how often they failed and how long they took, and how busy the server is. On a terminal it is refreshed until Ctrl-C.',
  examples: ['dispatch top', 'dispatch top --since 1h -o json'],
  arity: exactly(0),
  flags: {
    since: { kind: 'duration', value: 'DURATION', fallback: '10m', summary: 'only runs that changed within this time' },
  },
  async run({ flags, session, io }) {
    const { output } = await session.settings()
    const client = await session.client()
    const sinceMs = flags.since ?? 0
    if (output === 'table' && io.stdoutIsTerminal) return refresh(() => look(client, io, sinceMs), { session, io })
    const sight = await look(client, io, sinceMs)
    const rows = planRows(sight).map(renderRow)
    if (output === 'table') io.stdout.write(renderText(sight, false))
    if (output === 'json') session.print(renderJson(rows, 4))
    if (output === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(rows))
    return 0
  },
})
