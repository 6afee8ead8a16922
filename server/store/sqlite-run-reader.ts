/** Reads of runs. Lists end at a number of bytes too: bodies may be large, and whoever reads holds up the main thread. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { maxListedBytes, type RunOwner, type RunQuery, type RunRecord, type WaitingRun } from './port.ts'
import { parseInt64, parseRun, parseText, type Row } from './sqlite-columns.ts'
import { planRunList, runQueries } from './sqlite-run-queries.ts'

export interface RunReader {
  get(org: string, name: string): RunRecord | undefined
  list(query: RunQuery): RunRecord[]
  waiting(): WaitingRun[]
  begun(limit: number): RunRecord[]
  nextOwner(after?: RunOwner): RunOwner | undefined
  executedNs(owner: RunOwner, place: { skip: number; upToNs: bigint }): bigint | undefined
}

export function createRunReader(database: DatabaseSync): RunReader {
  const prepare = (sql: string): StatementSync => {
    const statement = database.prepare(sql)
    statement.setReadBigInts(true)
    return statement
  }
  const get = prepare(runQueries.get)
  const waiting = prepare(runQueries.waiting)
  const begun = prepare(runQueries.begun)
  const nextOwner = prepare(runQueries.nextOwner)
  const executedNs = prepare(runQueries.executedNs)
  /** One statement for each combination of conditions, made when first asked for. */
  const lists = new Map<string, StatementSync>()
  const prepareList = (sql: string): StatementSync => {
    const statement = lists.get(sql) ?? prepare(sql)
    lists.set(sql, statement)
    return statement
  }
  return {
    get(org, name) {
      const row = get.get(name, org)
      return row && parseRun(row)
    },
    list(query) {
      const { sql, values } = planRunList(query)
      const runs = takeUpToMaximum(prepareList(sql).iterate(...values))
      return query.after ? runs.reverse() : runs
    },
    waiting: () =>
      waiting
        .all()
        .map(row => ({ ...parseOwner(row), name: parseText(row, 'name'), functionId: parseText(row, 'function_id') })),
    begun: limit => begun.all(limit).map(parseRun),
    nextOwner(after) {
      const row = nextOwner.get(after?.org ?? '', after?.functionName ?? '')
      return row && parseOwner(row)
    },
    executedNs({ org, functionName }, { skip, upToNs }) {
      const row = executedNs.get(org, functionName, upToNs, skip)
      return row && parseInt64(row, 'executed_ns')
    },
  }
}

function takeUpToMaximum(rows: Iterable<Row>): RunRecord[] {
  const runs: RunRecord[] = []
  let bytes = 0
  for (const row of rows) {
    const run = parseRun(row)
    runs.push(run)
    bytes += run.body.length
    if (bytes >= maxListedBytes) break
  }
  return runs
}

const parseOwner = (row: Row): RunOwner => ({
  org: parseText(row, 'org'),
  functionName: parseText(row, 'function_name'),
})
