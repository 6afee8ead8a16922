/** Owns `get runs`: past runs, and with --follow the ones that come. */
import type { ApiClient, ApiRequest } from '../client.ts'
import { between, defineCommand } from '../command.ts'
import { isNotFound } from '../failure.ts'
import { applicationFlag } from '../flag.ts'
import type { Json } from '../format/json.ts'
import { run as runModel } from '../format/models.ts'
import { renderObject } from '../output.ts'
import { createRunTable, isRunId, newestRun, parseRunOrder, sortRuns } from '../runs.ts'

/** The year 1: everything. */
const beginning = '-62135596800'
const periodMs = 2000

/** A single word may be the id of a run, as failures and `logs` tell it. */
function planRequest(args: readonly string[], query: Record<string, string>): ApiRequest {
  const [functionName, id] = args[1] === undefined && isRunId(args[0] ?? '') ? [undefined, args[0]] : args
  return {
    method: 'GET',
    path: id === undefined ? ['v1', 'runs'] : ['v1', 'runs', id],
    query: functionName === undefined ? query : { functionName, ...query },
  }
}

/** The server checks both. A single run has no pages. */
function planPage({ limit, before }: { limit: bigint; before: string }): Record<string, string> {
  return { since: beginning, ...(limit !== 0n && { limit: String(limit) }), ...(before !== '' && { before }) }
}

/** A single run that was not changed since then is "not found": nothing new. */
async function loadChanges(client: ApiClient, request: ApiRequest): Promise<Json[]> {
  try {
    const answer = await client.request(request)
    return Array.isArray(answer) ? answer : [answer]
  } catch (thrown) {
    if (isNotFound(thrown)) return []
    throw thrown
  }
}

export const command = defineCommand({
  usage: '[FUNCTION_NAME [RUN_ID] | RUN_ID]',
  description: 'Show runs, the newest first: of all functions, of one, or a single run.',
  examples: [
    'dispatch get runs hello',
    'dispatch get runs hello --last -o json',
    'dispatch get runs --limit 20',
    'dispatch get runs --follow',
  ],
  arity: between(0, 2),
  completes: ['Function', 'runs'],
  flags: {
    ...applicationFlag,
    by: {
      kind: 'text',
      value: 'KEY',
      fallback: 'started',
      completes: ['started', 'finished', 'function', 'status'],
      summary: 'sort by started, finished, function or status',
    },
    last: { kind: 'toggle', summary: 'only the run that started last' },
    limit: { kind: 'integer', value: 'COUNT', summary: 'only so many of the newest, up to 1000' },
    before: { kind: 'text', value: 'RUN_ID', summary: 'only runs older than this one' },
    follow: {
      kind: 'toggle',
      short: 'f',
      summary: 'go on printing runs that start or change, the newest last, until interrupted',
    },
    watch: { kind: 'toggle', summary: 'the same as --follow' },
  },
  async run({ args, flags, session, io }) {
    const order = parseRunOrder(flags.by)
    const isFollowed = flags.follow || flags.watch
    const { output } = await session.settings()
    const client = await session.client()
    const table = createRunTable({ zone: io.timeZone, colored: await session.isColored(), isFollowed })
    // What is to come stands below; lists for programs keep their order.
    const growsDownwards = isFollowed && order === 'started' && output === 'table'
    const sort = (runs: readonly Json[]) => (growsDownwards ? sortRuns(runs, order).reverse() : sortRuns(runs, order))
    const show = async (runs: Json) =>
      io.stdout.write(output === 'table' ? table.render(runs) : await renderObject(runs, runModel, output))
    let periodStart = io.now()
    const answer = await client.request(planRequest(args, planPage(flags)))
    const sorted = Array.isArray(answer) ? sort(answer) : answer
    await show(flags.last && Array.isArray(sorted) ? newestRun(sorted) : sorted)
    table.remember(answer)
    while (isFollowed) {
      await io.pause(periodMs)
      if (io.interrupted.aborted) return 1
      const since = String(Math.floor(periodStart.getTime() / 1000))
      periodStart = io.now()
      const changes = table.onlyNews(await loadChanges(client, planRequest(args, { since })))
      if (changes.length > 0) await show(sort(changes))
    }
    return 0
  },
})
