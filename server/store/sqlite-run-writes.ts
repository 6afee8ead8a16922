/** Writes to runs, inside the transaction of their group. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { parseText } from './sqlite-columns.ts'
import { runQueries } from './sqlite-run-queries.ts'
import type { RunWrite } from './write.ts'

/** Returns the function that applies one write and tells how many rows it changed. */
export function createRunApply(database: DatabaseSync): (write: RunWrite) => number | bigint {
  const put = database.prepare(
    `INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET org = excluded.org,
     function_name = excluded.function_name, function_id = excluded.function_id, status = excluded.status,
     executed_ns = excluded.executed_ns, modified_ns = excluded.modified_ns, body = excluded.body`,
  )
  const begin = database.prepare(
    "UPDATE runs SET status = ?, modified_ns = ?, body = ? WHERE name = ? AND org = ? AND status = 'INITIALIZED'",
  )
  const forget = database.prepare(
    `INSERT INTO forgotten_functions VALUES (?, ?, ?, ?) ON CONFLICT (function_id) DO UPDATE
     SET is_gone = max(is_gone, excluded.is_gone)`,
  )
  const removeEnded = database.prepare(runQueries.removeEnded)
  const sweep = createSweep(database)
  return write => {
    switch (write.type) {
      case 'putRun': {
        const { name, org, functionName, functionId, status, executedNs, modifiedNs, body } = write.run
        return put.run(name, org, functionName, functionId, status, executedNs, modifiedNs, body).changes
      }
      case 'beginRun': {
        const { name, org, status, modifiedNs, body } = write.run
        return begin.run(status, modifiedNs, body, name, org).changes
      }
      case 'forgetFunction':
        return forget.run(write.functionId, write.org, write.functionName, Number(write.isGone)).changes
      case 'sweepForgotten':
        return sweep(write.limit)
      case 'removeEnded':
        return removeEnded.run(write.org, write.functionName, write.executedNs, write.limit).changes
    }
  }
}

/** A function is done with, and no longer forgotten, in the transaction that removes its last run. */
function createSweep(database: DatabaseSync): (limit: number) => number {
  const find = database.prepare(
    'SELECT function_id, org, function_name FROM forgotten_functions WHERE is_gone = 1 LIMIT 1',
  )
  const remove = database.prepare(runQueries.removeForgotten)
  const settle = database.prepare('DELETE FROM forgotten_functions WHERE function_id = ?')
  return limit => {
    const forgotten: Record<string, SQLOutputValue> | undefined = find.get()
    if (!forgotten) return 0
    const functionId = parseText(forgotten, 'function_id')
    const removed = Number(
      remove.run(parseText(forgotten, 'org'), parseText(forgotten, 'function_name'), functionId, limit).changes,
    )
    if (removed < limit) settle.run(functionId)
    return removed + 1
  }
}
