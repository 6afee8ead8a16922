/** The store in memory: same promises as on disk except that nothing survives the process; for tests. */
import type { Entity, Kind } from '../core/entity.ts'
import { createFeed, type Feed } from './feed.ts'
import type { Collection, RunQuery, RunRecord, RunStore, Store } from './port.ts'
import { modifiedAfterNs, parseEntity, refusalError, renderEntity } from './write.ts'

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
  const tableOf = (kind: Kind): Table => {
    const table = tables.get(kind) ?? new Map()
    tables.set(kind, table)
    return table
  }
  return {
    collection: <T extends Entity>(kind: Kind) => createCollection<T>(kind, tableOf(kind), feed),
    runs: createRuns(),
    onChange: feed.subscribe,
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
  return {
    get: async (org, name) => {
      const row = table.get(keyOf(org, name))
      return row && parseEntity<T>(row.body)
    },
    list: async org => {
      const rows = [...table.values()].filter(row => org === undefined || row.org === org)
      return rows.sort(compareRows).map(row => parseEntity<T>(row.body))
    },
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
    remove: async (org, name) => {
      const removed = table.delete(keyOf(org, name))
      if (removed) feed.emit({ kind, org, name, removed: true })
      return removed
    },
  }
}

function createRuns(): RunStore {
  const runs = new Map<string, RunRecord>()
  const select = (keep: (run: RunRecord) => boolean): RunRecord[] =>
    [...runs.values()]
      .filter(keep)
      .sort(newestFirst)
      .map(run => ({ ...run }))
  return {
    put: async run => {
      runs.set(run.name, { ...run })
    },
    get: async (org, name) => {
      const run = runs.get(name)
      return run?.org === org ? { ...run } : undefined
    },
    list: async query => select(run => matches(run, query)),
    unfinished: async () => select(run => run.status === 'INITIALIZED' || run.status === 'CREATING'),
    removeOfFunction: async (org, functionName) => {
      const names = select(run => matches(run, { org, functionName })).map(run => run.name)
      for (const name of names) runs.delete(name)
      return names.length
    },
  }
}

function matches(run: RunRecord, { org, functionName, sinceSeconds }: RunQuery): boolean {
  const afterNs = modifiedAfterNs(sinceSeconds)
  const isAsked = run.org === org && (functionName === undefined || run.functionName === functionName)
  return isAsked && (afterNs === undefined || run.modifiedNs > afterNs)
}

const keyOf = (org: string, name: string): string => JSON.stringify([org, name])

/** By the bytes of UTF-8, as a database compares; JavaScript's own order differs beyond the basic plane. */
const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

const compareRows = (a: Row, b: Row): number => compareBytes(a.org, b.org) || compareBytes(a.name, b.name)

function newestFirst(a: RunRecord, b: RunRecord): number {
  if (a.executedNs !== b.executedNs) return a.executedNs < b.executedNs ? 1 : -1
  return compareBytes(b.name, a.name)
}
