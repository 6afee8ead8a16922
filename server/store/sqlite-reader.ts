/** Reads of the SQLite store, on a connection of the main thread: a reader of a write-ahead log never waits for the writer. */
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { Kind } from '../core/entity.ts'
import { statuses } from '../core/status.ts'
import type { RunQuery, RunRecord } from './port.ts'
import { modifiedAfterNs } from './write.ts'

type Row = Record<string, SQLOutputValue>

export interface Reader {
  entityBody(kind: Kind, org: string, name: string): string | undefined
  entityBodies(kind: Kind, org?: string): string[]
  run(org: string, name: string): RunRecord | undefined
  runs(query: RunQuery): RunRecord[]
  unfinishedRuns(): RunRecord[]
}

const newestFirst = 'ORDER BY executed_ns DESC, name DESC'

export function createReader(database: DatabaseSync): Reader {
  const getEntity = database.prepare('SELECT body FROM entities WHERE kind = ? AND org = ? AND name = ?')
  const listEntities = database.prepare('SELECT body FROM entities WHERE kind = ? ORDER BY org, name')
  const listEntitiesOfOrg = database.prepare('SELECT body FROM entities WHERE kind = ? AND org = ? ORDER BY name')
  const getRun = prepareRuns(database, 'WHERE org = ? AND name = ?')
  const listUnfinished = prepareRuns(database, `WHERE status IN ('INITIALIZED', 'CREATING') ${newestFirst}`)
  const listRuns = createRunLists(database)
  return {
    entityBody(kind, org, name) {
      const row = getEntity.get(kind, org, name)
      return row && parseText(row, 'body')
    },
    entityBodies(kind, org) {
      const rows = org === undefined ? listEntities.all(kind) : listEntitiesOfOrg.all(kind, org)
      return rows.map(row => parseText(row, 'body'))
    },
    run(org, name) {
      const row = getRun.get(org, name)
      return row && parseRun(row)
    },
    runs: query => listRuns(query).map(parseRun),
    unfinishedRuns: () => listUnfinished.all().map(parseRun),
  }
}

/** Times have 19 digits: read as BigInt, or they would be rounded. */
function prepareRuns(database: DatabaseSync, clauses: string): StatementSync {
  const statement = database.prepare(
    `SELECT name, org, function_name, status, executed_ns, modified_ns, body FROM runs ${clauses}`,
  )
  statement.setReadBigInts(true)
  return statement
}

/** One prepared statement for each combination of conditions, made when first asked for. */
function createRunLists(database: DatabaseSync): (query: RunQuery) => Row[] {
  const prepared = new Map<string, StatementSync>()
  return ({ org, functionName, sinceSeconds }) => {
    const conditions = ['org = ?']
    const values: SQLInputValue[] = [org]
    if (functionName !== undefined) {
      conditions.push('function_name = ?')
      values.push(functionName)
    }
    const afterNs = modifiedAfterNs(sinceSeconds)
    if (afterNs !== undefined) {
      conditions.push('modified_ns > ?')
      values.push(afterNs)
    }
    const clauses = `WHERE ${conditions.join(' AND ')} ${newestFirst}`
    const statement = prepared.get(clauses) ?? prepareRuns(database, clauses)
    prepared.set(clauses, statement)
    return statement.all(...values)
  }
}

function parseRun(row: Row): RunRecord {
  return {
    name: parseText(row, 'name'),
    org: parseText(row, 'org'),
    functionName: parseText(row, 'function_name'),
    status: parseStatus(parseText(row, 'status')),
    executedNs: parseInt64(row, 'executed_ns'),
    modifiedNs: parseInt64(row, 'modified_ns'),
    body: parseText(row, 'body'),
  }
}

function parseText(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new Error(`column ${column} holds ${typeof value} instead of text`)
  return value
}

function parseInt64(row: Row, column: string): bigint {
  const value = row[column]
  if (typeof value !== 'bigint') throw new Error(`column ${column} holds ${typeof value} instead of an integer`)
  return value
}

function parseStatus(text: string): RunRecord['status'] {
  const status = statuses.find(known => known === text)
  if (!status) throw new Error(`column status holds ${text}`)
  return status
}
