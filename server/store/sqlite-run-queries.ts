/** The texts of the queries for runs. Each must be answered by an index alone, or by as many rows as it returns. */
import type { SQLInputValue } from 'node:sqlite'
import { maxListedChanges, maxListedRuns, type RunQuery } from './port.ts'
import { runColumns } from './sqlite-columns.ts'
import { modifiedAfterNs } from './write.ts'

const isKept = 'function_id NOT IN (SELECT function_id FROM forgotten_functions)'
const hasEnded = "status NOT IN ('INITIALIZED', 'CREATING')"
/** Both as the partial index has it and as a bound on its first column. */
const isUnfinished = (status: string): string =>
  `status IN ('INITIALIZED', 'CREATING') AND status = '${status}' AND ${isKept}`

export const runQueries = {
  get: `SELECT ${runColumns} FROM runs WHERE name = ? AND org = ? AND ${isKept}`,
  waiting: `SELECT name, org, function_name, function_id FROM runs
    WHERE ${isUnfinished('INITIALIZED')} ORDER BY executed_ns, name`,
  begun: `SELECT ${runColumns} FROM runs WHERE ${isUnfinished('CREATING')} ORDER BY executed_ns, name LIMIT ?`,
  nextOwner: `SELECT org, function_name FROM runs
    WHERE (org, function_name) > (?, ?) ORDER BY org, function_name LIMIT 1`,
  executedNs: `SELECT executed_ns FROM runs
    WHERE org = ? AND function_name = ? AND executed_ns <= ? ORDER BY executed_ns DESC LIMIT 1 OFFSET ?`,
  removeEnded: `DELETE FROM runs WHERE rowid IN (
    SELECT rowid FROM runs WHERE org = ? AND function_name = ? AND executed_ns < ?
    AND ${hasEnded} ORDER BY executed_ns LIMIT ?)`,
  removeForgotten: `DELETE FROM runs WHERE rowid IN (
    SELECT rowid FROM runs WHERE org = ? AND function_name = ? AND function_id = ? ORDER BY executed_ns LIMIT ?)`,
}

interface Planned {
  sql: string
  values: SQLInputValue[]
}

function planLatest({ org, functionName, ended = false }: RunQuery, afterNs: bigint): Planned {
  const isOfFunction = functionName !== undefined
  const conditions = ['org = ?', isKept, ...(isOfFunction ? ['function_name = ?'] : []), ...(ended ? [hasEnded] : [])]
  return {
    sql: `SELECT rowid FROM runs WHERE ${conditions.join(' AND ')} AND modified_ns > ? ORDER BY modified_ns DESC LIMIT ?`,
    values: [org, ...(isOfFunction ? [functionName] : []), afterNs, maxListedChanges],
  }
}

/**
 * A list by time of change first finds the latest changes in their index: going through the runs by age until one has changed
 * could mean all of them.
 */
export function planRunList(query: RunQuery): Planned {
  const { org, functionName, ended = false, before, after, limit = maxListedRuns } = query
  const afterNs = modifiedAfterNs(query.sinceSeconds)
  // The plus keeps SQLite from the indices by age.
  const conditions = [afterNs === undefined ? 'org = ?' : '+org = ?', isKept]
  const values: SQLInputValue[] = [org]
  const add = (condition: string, ...more: SQLInputValue[]): void => {
    conditions.push(condition)
    values.push(...more)
  }
  if (functionName !== undefined) add('function_name = ?', functionName)
  if (ended) add(hasEnded)
  if (before)
    add('executed_ns <= ? AND (executed_ns < ? OR name < ?)', before.executedNs, before.executedNs, before.name)
  if (after) add('executed_ns >= ? AND (executed_ns > ? OR name > ?)', after.executedNs, after.executedNs, after.name)
  if (afterNs !== undefined) {
    const latest = planLatest(query, afterNs)
    add(`rowid IN (${latest.sql})`, ...latest.values)
  }
  const direction = after ? 'ASC' : 'DESC'
  const order = `ORDER BY executed_ns ${direction}, name ${direction} LIMIT ?`
  return {
    sql: `SELECT ${runColumns} FROM runs WHERE ${conditions.join(' AND ')} ${order}`,
    values: [...values, limit],
  }
}
