/** Reads of the SQLite store, on a connection of the main thread: a reader of a write-ahead log never waits for the writer. */
import type { DatabaseSync } from 'node:sqlite'
import type { Kind } from '../core/entity.ts'
import { parseText } from './sqlite-columns.ts'
import { createEventReader, type EventReader } from './sqlite-event-reader.ts'
import { createRunReader, type RunReader } from './sqlite-run-reader.ts'

export interface Reader {
  entityBody(kind: Kind, org: string, name: string): string | undefined
  entityBodies(kind: Kind, org?: string): string[]
  entityKeys(kind: Kind): { org: string; name: string }[]
  runs: RunReader
  events: EventReader
}

export function createReader(database: DatabaseSync): Reader {
  const getEntity = database.prepare('SELECT body FROM entities WHERE kind = ? AND org = ? AND name = ?')
  const listEntities = database.prepare('SELECT body FROM entities WHERE kind = ? ORDER BY org, name')
  const listEntitiesOfOrg = database.prepare('SELECT body FROM entities WHERE kind = ? AND org = ? ORDER BY name')
  const listKeys = database.prepare('SELECT org, name FROM entities WHERE kind = ? ORDER BY org, name')
  return {
    entityBody(kind, org, name) {
      const row = getEntity.get(kind, org, name)
      return row && parseText(row, 'body')
    },
    entityBodies(kind, org) {
      const rows = org === undefined ? listEntities.all(kind) : listEntitiesOfOrg.all(kind, org)
      return rows.map(row => parseText(row, 'body'))
    },
    entityKeys: kind => listKeys.all(kind).map(row => ({ org: parseText(row, 'org'), name: parseText(row, 'name') })),
    runs: createRunReader(database),
    events: createEventReader(database),
  }
}
