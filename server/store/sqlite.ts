/** The store on disk: SQLite with a write-ahead log, each write on disk before its promise resolves. */
import type { Entity, Kind } from '../core/entity.ts'
import { kindLabels, runLabel } from '../core/kind-labels.ts'
import { type Commits, createCommits } from './commits.ts'
import { createFeed, type Feed } from './feed.ts'
import type { Collection, RunStore, Store } from './port.ts'
import { failureOf, translated } from './sqlite-errors.ts'
import { createEvents } from './sqlite-events.ts'
import { lockDatabase, prepareDatabaseFile } from './sqlite-file.ts'
import { createReader, type Reader } from './sqlite-reader.ts'
import { openForReading } from './sqlite-schema.ts'
import { createWriter, startWorker, type Writer } from './sqlite-writer.ts'
import {
  type EntityWrite,
  parseEntity,
  type RunWrite,
  refusalError,
  renderEntity,
  type Write,
  type WriteResult,
} from './write.ts'

interface SqliteOptions {
  file: string
  /** Called once when writing has become impossible; pending and later writes are rejected with the same error. */
  onFatal?: (error: Error) => void
}

interface Connections {
  file: string
  reader: Reader
  writer: Writer
  commits: Commits
}

/** Rejects with a message for the operator when the file is in use, damaged, or not a database of Dispatch. */
export async function openSqliteStore({ file, onFatal = () => {} }: SqliteOptions): Promise<Store> {
  const unlock = lockDatabase(file)
  const feed = createFeed()
  try {
    prepareDatabaseFile(file)
    const commits = createCommits()
    const onResult = (write: Write, result: WriteResult) => announce(feed, write, result)
    const writer = await createWriter(startWorker(file), { onResult, onCommit: commits.add, onFatal })
    const database = openForReading(file)
    let closed: Promise<void> | undefined
    /** The writer closes last: only it can fold the log into the file. */
    const close = async (): Promise<void> => {
      database.close()
      await writer.close()
      unlock()
    }
    return createStore({ file, reader: createReader(database), writer, commits }, feed, () => {
      closed ??= close()
      return closed
    })
  } catch (thrown) {
    unlock()
    throw thrown
  }
}

function createStore(connections: Connections, feed: Feed, close: () => Promise<void>): Store {
  return {
    collection: <T extends Entity>(kind: Kind) => createCollection<T>(kind, connections),
    runs: createRuns(connections),
    events: createEvents(connections),
    onChange: feed.subscribe,
    scrub: connections.writer.scrub,
    stats: () => connections.commits,
    close,
  }
}

function announce(feed: Feed, write: Write, result: WriteResult): void {
  if (!('kind' in write) || write.type === 'rewrite' || result.end !== 'written' || result.rows === 0) return
  feed.emit({ kind: write.kind, org: write.org, name: write.name, removed: write.type === 'remove' })
}

function createCollection<T extends Entity>(kind: Kind, { file, reader, writer }: Connections): Collection<T> {
  const write = async (entityWrite: EntityWrite): Promise<number> => {
    const result = await writer.write(entityWrite)
    if (result.end === 'refused') throw refusalError(result.why, entityWrite)
    if (result.end === 'failed') throw failureOf(result, kindLabels[kind], entityWrite.name)
    return result.rows
  }
  const get = async (org: string, name: string): Promise<T | undefined> => {
    const body = translated(file, () => reader.entityBody(kind, org, name))
    return body === undefined ? undefined : parseEntity<T>(body)
  }
  return {
    get,
    peek: get,
    list: async org => translated(file, () => reader.entityBodies(kind, org)).map(body => parseEntity<T>(body)),
    keys: async () => translated(file, () => reader.entityKeys(kind)),
    create: async entity => {
      const { org, name } = entity
      await write({ type: 'create', kind, org, name, body: renderEntity(entity, 1) })
      return { ...entity, revision: 1 }
    },
    update: async entity => {
      const { org, name, revision } = entity
      await write({ type: 'update', kind, org, name, revision, body: renderEntity(entity, revision + 1) })
      return { ...entity, revision: revision + 1 }
    },
    rewrite: async entity => {
      const { org, name, revision, id } = entity
      const body = renderEntity(entity, revision)
      return (await write({ type: 'rewrite', kind, org, name, revision, id, body })) > 0
    },
    remove: async (org, name) => (await write({ type: 'remove', kind, org, name })) > 0,
  }
}

function createRuns({ file, reader, writer }: Connections): RunStore {
  const write = async (runWrite: RunWrite, subject: string): Promise<number> => {
    const result = await writer.write(runWrite)
    if (result.end === 'written') return result.rows
    throw failureOf(result.end === 'failed' ? result : { message: result.why }, runLabel, subject)
  }
  return {
    put: async run => {
      await write({ type: 'putRun', run }, run.name)
    },
    begin: async run => (await write({ type: 'beginRun', run }, run.name)) > 0,
    get: async (org, name) => translated(file, () => reader.runs.get(org, name)),
    list: async query => translated(file, () => reader.runs.list(query)),
    waiting: async () => translated(file, () => reader.runs.waiting()),
    begun: async limit => translated(file, () => reader.runs.begun(limit)),
    forgetFunction: async forgotten => {
      await write({ type: 'forgetFunction', ...forgotten }, forgotten.functionName)
    },
    sweepForgotten: async limit => (await write({ type: 'sweepForgotten', limit }, 'of a deleted function')) > 0,
    nextOwner: async after => translated(file, () => reader.runs.nextOwner(after)),
    executedNs: async (owner, place) => translated(file, () => reader.runs.executedNs(owner, place)),
    removeEnded: (owner, before) => write({ type: 'removeEnded', ...owner, ...before }, owner.functionName),
  }
}
