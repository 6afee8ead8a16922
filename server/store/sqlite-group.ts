/** Applies writes to the database in groups that share one commit, each with its own outcome. */
import type { DatabaseSync } from 'node:sqlite'
import { describeFailure, isDiskFull, isIoError } from './sqlite-errors.ts'
import { createEventApply } from './sqlite-event-writes.ts'
import { createRunApply } from './sqlite-run-writes.ts'
import type { Write, WriteResult } from './write.ts'

const written = (rows: number | bigint): WriteResult => ({ end: 'written', rows: Number(rows) })

/** Returns the function that commits a group; `file` is only named in messages. Outcomes come in the order of the writes. */
export function createGroupCommit(database: DatabaseSync, file: string): (writes: Write[]) => WriteResult[] {
  const apply = createApply(database)
  const setErasure = createErasure(database)
  const commit = (writes: Write[]): WriteResult[] => {
    setErasure(writes)
    database.exec('BEGIN IMMEDIATE')
    const results = writes.map(apply)
    database.exec('COMMIT')
    return results
  }
  return function commitGroup(writes): WriteResult[] {
    try {
      return commit(writes)
    } catch (thrown) {
      if (database.isTransaction) database.exec('ROLLBACK')
      // One write that cannot be stored must not fail those that happened to share its group.
      if (writes.length > 1 && !isIoError(thrown)) return writes.flatMap(write => commitGroup([write]))
      const message = describeFailure(file, thrown)
      return writes.map(() => ({ end: 'failed', message, isDiskFull: isDiskFull(thrown) }))
    }
  }
}

/**
 * What is deleted is overwritten with zeros when entities, which may hold secrets, are among the writes. For the thousands of
 * runs that retention removes that would take five times as long.
 */
function createErasure(database: DatabaseSync): (writes: Write[]) => void {
  let isOn: boolean | undefined
  return writes => {
    const asked = writes.some(write => 'kind' in write)
    if (asked !== isOn) database.exec(`PRAGMA secure_delete = ${asked ? 'ON' : 'OFF'}`)
    isOn = asked
  }
}

function createApply(database: DatabaseSync): (write: Write) => WriteResult {
  const create = database.prepare('INSERT INTO entities VALUES (?, ?, ?, 1, ?) ON CONFLICT DO NOTHING')
  const update = database.prepare(
    'UPDATE entities SET revision = revision + 1, body = ? WHERE kind = ? AND org = ? AND name = ? AND revision = ?',
  )
  // The id too: another one of the same name begins with the same revision.
  const rewrite = database.prepare(
    "UPDATE entities SET body = ? WHERE kind = ? AND org = ? AND name = ? AND revision = ? AND body ->> 'id' = ?",
  )
  const find = database.prepare('SELECT 1 FROM entities WHERE kind = ? AND org = ? AND name = ?')
  const remove = database.prepare('DELETE FROM entities WHERE kind = ? AND org = ? AND name = ?')
  const applyToRuns = createRunApply(database)
  const applyToEvents = createEventApply(database)
  return write => {
    switch (write.type) {
      case 'create': {
        const { changes } = create.run(write.kind, write.org, write.name, write.body)
        return changes === 0 ? { end: 'refused', why: 'taken' } : written(changes)
      }
      case 'update': {
        const { kind, org, name } = write
        const { changes } = update.run(write.body, kind, org, name, write.revision)
        if (changes !== 0) return written(changes)
        return { end: 'refused', why: find.get(kind, org, name) ? 'outdated' : 'absent' }
      }
      case 'rewrite':
        return written(rewrite.run(write.body, write.kind, write.org, write.name, write.revision, write.id).changes)
      case 'remove':
        return written(remove.run(write.kind, write.org, write.name).changes)
      case 'putRun':
      case 'beginRun':
      case 'forgetFunction':
      case 'sweepForgotten':
      case 'removeEnded':
        return written(applyToRuns(write))
      default:
        return written(applyToEvents(write))
    }
  }
}
