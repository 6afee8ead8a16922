/** The store's port: entities with optimistic revisions, the log of runs, events, and a feed of committed changes. */
import type { Entity, Kind } from '../core/entity.ts'
import type { Status } from '../core/status.ts'
import type { Tallied } from '../core/tally.ts'
import type { EventStore } from './event-port.ts'

export interface Change {
  kind: Kind
  org: string
  name: string
  removed: boolean
}

export interface Collection<T extends Entity> {
  /** DispatchError SEAL_BROKEN when what is secret of it cannot be opened. */
  get(org: string, name: string): Promise<T | undefined>
  /** The same, but for what cannot be opened: it is as in lists. For who goes by other than what is secret of it. */
  peek(org: string, name: string): Promise<T | undefined>
  /**
   * In bytewise order of (org, name); without `org` those of every organization. What cannot be opened has status ERROR, or DELETING,
   * a reason, and nothing of what is secret.
   */
  list(org?: string): Promise<T[]>
  /** Those of every organization, without a look at what they hold. */
  keys(): Promise<{ org: string; name: string }[]>
  /** Stores a new entity and returns it with revision 1; DispatchError ALREADY_EXISTS when the name is taken. */
  create(entity: T): Promise<T>
  /** Replaces the entity of the same name if its stored revision is `entity.revision`, else WRITE_CONFLICT; NOT_FOUND when absent. */
  update(entity: T): Promise<T>
  /** Stores the same entity in another form: neither a new revision nor a change. False when another revision, or another entity, is stored by now. */
  rewrite(entity: T): Promise<boolean>
  /** Removes it whatever its revision; false when there was none. */
  remove(org: string, name: string): Promise<boolean>
}

/** A run as stored. `body` is its whole JSON as answered on the wire; the other fields are copies to find it by. */
export interface RunRecord {
  name: string
  org: string
  functionName: string
  functionId: string
  status: Status
  executedNs: bigint
  modifiedNs: bigint
  body: string
}

/** A place in the order of runs; names decide between those of one nanosecond. */
export interface RunPosition {
  executedNs: bigint
  name: string
}

export interface RunQuery {
  org: string
  functionName?: string | undefined
  /** Keeps runs that have ended. */
  ended?: boolean
  /** Unix seconds; keeps runs modified strictly later: of those that the fields above keep, the last `maxListedChanges`. */
  sinceSeconds?: bigint | undefined
  /** Keeps what is older than this place. */
  before?: RunPosition | undefined
  /** Keeps what is newer than this place; with `limit` those next to it. */
  after?: RunPosition | undefined
  /** `maxListedRuns` when left out. */
  limit?: number | undefined
}

/** No list is longer: who reads one holds up everybody else. */
export const maxListedRuns = 10_000
/** A list by time of change goes through so many at most, which have to be sorted by age. */
export const maxListedChanges = 2000
/** A list ends with the run whose body makes it this long. */
export const maxListedBytes = 32 * 1024 * 1024

/** An accepted run that waits for its turn. */
export interface WaitingRun {
  name: string
  org: string
  functionName: string
  functionId: string
}

/** A function of the past or present, as its runs know it. */
export interface RunOwner {
  org: string
  functionName: string
}

export interface ForgottenFunction extends RunOwner {
  functionId: string
  /** No run of it is yet to come: what there is may be removed. Once so, always so. */
  isGone: boolean
}

export interface RunStore {
  /** Inserts, or replaces the run of the same name; resolves when it is on disk. */
  put(run: RunRecord): Promise<void>
  /** Replaces the run if it is still INITIALIZED; false when it is not, or is not there. */
  begin(run: RunRecord): Promise<boolean>
  get(org: string, name: string): Promise<RunRecord | undefined>
  /** Newest first. */
  list(query: RunQuery): Promise<RunRecord[]>
  /** Runs of every organization that are INITIALIZED, oldest first. */
  waiting(): Promise<WaitingRun[]>
  /** At most `limit` runs of every organization that are CREATING, oldest first. */
  begun(limit: number): Promise<RunRecord[]>
  /** From then on nobody sees a run of the function, nor one that is yet to come, also after a crash. */
  forgetFunction(forgotten: ForgottenFunction): Promise<void>
  /** Removes at most `limit` runs of forgotten functions that are gone; false when there is nothing left to remove. */
  sweepForgotten(limit: number): Promise<boolean>
  /** The first function with runs behind `after`, by organization, then name. */
  nextOwner(after?: RunOwner): Promise<RunOwner | undefined>
  /** When the function's newest run but `skip` was accepted, of those accepted up to `upToNs`. */
  executedNs(owner: RunOwner, place: { skip: number; upToNs: bigint }): Promise<bigint | undefined>
  /** Removes at most `limit` of the function's runs that have ended and were accepted before; returns how many. */
  removeEnded(owner: RunOwner, before: { executedNs: bigint; limit: number }): Promise<number>
}

/** Since the start. */
export interface StoreStats {
  /** Seconds that each commit took, the syncing to the disk included. */
  commitSeconds: Tallied
  /** Writes that shared each commit. */
  commitWrites: Tallied
}

export interface Store {
  collection<T extends Entity>(kind: Kind): Collection<T>
  runs: RunStore
  events: EventStore
  /** Calls the listener after each committed write to an entity (neither for runs nor for events); returns the function that stops it. */
  onChange(listener: (change: Change) => void): () => void
  /** Leaves nothing in the files of what was replaced or removed. Writes wait until it is done, longer the more is stored. */
  scrub(): Promise<void>
  stats(): StoreStats
  /** Finishes the writes accepted so far. */
  close(): Promise<void>
}
