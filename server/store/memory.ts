/** The store in memory: same promises as on disk except that nothing survives the process; for tests. */
import type { Entity, Kind } from '../core/entity.ts'
import { createCommits } from './commits.ts'
import { createFeed, type Feed } from './feed.ts'
import { createMemoryEvents } from './memory-events.ts'
import { createMemoryRuns } from './memory-runs.ts'
import type { Collection, Store } from './port.ts'
import { compareBytes, parseEntity, refusalError, renderEntity } from './write.ts'

interface Row {
  org: string
  name: string
  revision: number
  body: string
}

type Table = Map<string, Row>

export function createMemoryStore(): Store {
  const tables = new Map<Kind, Table>()
  const feed = createFeed()
  const commits = createCommits()
  const tableOf = (kind: Kind): Table => {
    const table = tables.get(kind) ?? new Map()
    tables.set(kind, table)
    return table
  }
  return {
    collection: <T extends Entity>(kind: Kind) => createCollection<T>(kind, tableOf(kind), feed),
    runs: createMemoryRuns(),
    events: createMemoryEvents(),
    onChange: feed.subscribe,
    scrub: async () => {},
    stats: () => commits,
    close: async () => {},
  }
}

function createCollection<T extends Entity>(kind: Kind, table: Table, feed: Feed): Collection<T> {
  const write = (entity: T, revision: number): T => {
    const { org, name } = entity
    table.set(keyOf(org, name), { org, name, revision, body: renderEntity(entity, revision) })
    feed.emit({ kind, org, name, removed: false })
    return { ...entity, revision }
  }
  const get = async (org: string, name: string): Promise<T | undefined> => {
    const row = table.get(keyOf(org, name))
    return row && parseEntity<T>(row.body)
  }
  return {
    get,
    peek: get,
    list: async org => {
      const rows = [...table.values()].filter(row => org === undefined || row.org === org)
      return rows.sort(compareRows).map(row => parseEntity<T>(row.body))
    },
    keys: async () => [...table.values()].sort(compareRows).map(({ org, name }) => ({ org, name })),
    create: async entity => {
      const { org, name } = entity
      if (table.has(keyOf(org, name))) throw refusalError('taken', { kind, org, name })
      return write(entity, 1)
    },
    update: async entity => {
      const { org, name, revision } = entity
      const row = table.get(keyOf(org, name))
      if (!row) throw refusalError('absent', { kind, org, name })
      if (row.revision !== revision) throw refusalError('outdated', { kind, org, name })
      return write(entity, revision + 1)
    },
    rewrite: async entity => {
      const { org, name, revision, id } = entity
      const row = table.get(keyOf(org, name))
      if (row?.revision !== revision || parseEntity(row.body).id !== id) return false
      table.set(keyOf(org, name), { org, name, revision, body: renderEntity(entity, revision) })
      return true
    },
    remove: async (org, name) => {
      const removed = table.delete(keyOf(org, name))
      if (removed) feed.emit({ kind, org, name, removed: true })
      return removed
    },
  }
}

const keyOf = (org: string, name: string): string => JSON.stringify([org, name])

const compareRows = (a: Row, b: Row): number => compareBytes(a.org, b.org) || compareBytes(a.name, b.name)
