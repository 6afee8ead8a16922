/** The store's port: entities with optimistic revisions, the log of runs, and a feed of committed changes. */
import type { Entity, Kind } from '../core/entity.ts'
import type { Status } from '../core/status.ts'

export interface Change {
  kind: Kind
  org: string
  name: string
  removed: boolean
}

export interface Collection<T extends Entity> {
  get(org: string, name: string): Promise<T | undefined>
  /** In bytewise order of (org, name); without `org` those of every organization. */
  list(org?: string): Promise<T[]>
  /** Stores a new entity and returns it with revision 1; DispatchError ALREADY_EXISTS when the name is taken. */
  create(entity: T): Promise<T>
  /** Replaces the entity of the same name if its stored revision is `entity.revision`, else WRITE_CONFLICT; NOT_FOUND when absent. */
  update(entity: T): Promise<T>
  /** Removes it whatever its revision; false when there was none. */
  remove(org: string, name: string): Promise<boolean>
}

/** A run as stored. `body` is its whole JSON as answered on the wire; the other fields are copies to find it by. */
export interface RunRecord {
  name: string
  org: string
  functionName: string
  status: Status
  executedNs: bigint
  modifiedNs: bigint
  body: string
}

export interface RunQuery {
  org: string
  functionName?: string | undefined
  /** Unix seconds; keeps runs modified strictly later. */
  sinceSeconds?: bigint | undefined
}

export interface RunStore {
  /** Inserts, or replaces the run of the same name; resolves when it is on disk. */
  put(run: RunRecord): Promise<void>
  get(org: string, name: string): Promise<RunRecord | undefined>
  /** Newest first. */
  list(query: RunQuery): Promise<RunRecord[]>
  /** Runs of every organization that have not ended: INITIALIZED or CREATING. */
  unfinished(): Promise<RunRecord[]>
  /** Removes all runs of a function and returns how many there were. */
  removeOfFunction(org: string, functionName: string): Promise<number>
}

export interface Store {
  collection<T extends Entity>(kind: Kind): Collection<T>
  runs: RunStore
  /** Calls the listener after each committed write to an entity (not for runs); returns the function that stops it. */
  onChange(listener: (change: Change) => void): () => void
  /** Finishes the writes accepted so far. */
  close(): Promise<void>
}
