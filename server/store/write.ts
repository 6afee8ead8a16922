/** What the adapters share: a write as data, how it can end, and the error that each refusal means to the caller. */
import type { Entity, Kind } from '../core/entity.ts'
import { type DispatchError, dispatchError } from '../core/errors.ts'
import { kindLabels } from '../core/kind-labels.ts'
import type { DeliveryProgress, Mark, NewEvent } from './event-port.ts'
import type { ForgottenFunction, RunOwner, RunRecord } from './port.ts'

interface Key {
  kind: Kind
  org: string
  name: string
}

export type EntityWrite =
  | (Key & { type: 'create'; body: string })
  /** `revision` is the stored one that this write replaces; `body` carries the next. */
  | (Key & { type: 'update'; body: string; revision: number })
  /** The same revision in another form, which nobody is told of. */
  | (Key & { type: 'rewrite'; id: string; body: string; revision: number })
  | (Key & { type: 'remove' })

export type RunWrite =
  | { type: 'putRun' | 'beginRun'; run: RunRecord }
  | (ForgottenFunction & { type: 'forgetFunction' })
  /** Counts the forgotten functions that are done with as rows too. */
  | { type: 'sweepForgotten'; limit: number }
  | (RunOwner & { type: 'removeEnded'; executedNs: bigint; limit: number })

export type EventWrite =
  | { type: 'putEvents'; events: readonly NewEvent[]; mark: Mark | undefined }
  | { type: 'removeMark'; key: string }
  | { type: 'settleDelivery'; eventId: string; subscriptionId: string; progress: DeliveryProgress }
  | { type: 'retryEvent'; org: string; eventId: string; dueMs: number }
  | { type: 'giveUpDeliveries'; subscriptionId: string; keep: number; limit: number; reason: string }
  | { type: 'forgetSubscription'; subscriptionId: string; limit: number }
  | { type: 'removeEvents'; ids: readonly string[] }

export type Write = EntityWrite | RunWrite | EventWrite

export type Refusal = 'taken' | 'absent' | 'outdated'

export type WriteResult =
  | { end: 'written'; rows: number }
  | { end: 'refused'; why: Refusal }
  | { end: 'failed'; message: string; isDiskFull?: boolean }

const errorNames = { taken: 'ALREADY_EXISTS', absent: 'NOT_FOUND', outdated: 'WRITE_CONFLICT' } as const

export const refusalError = (why: Refusal, { kind, name }: Key): DispatchError =>
  dispatchError(errorNames[why], { kind: kindLabels[kind], name })

/** The text under which an entity is stored. Both adapters keep text, so that neither shares objects with its callers. */
export const renderEntity = (entity: Entity, revision: number): string => JSON.stringify({ ...entity, revision })

export function parseEntity<T extends Entity>(body: string): T {
  return JSON.parse(body)
}

/** By the bytes of UTF-8, as a database compares; JavaScript's own order differs beyond the basic plane. */
export const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

export const byText =
  <T>(textOf: (item: T) => string) =>
  (a: T, b: T): number =>
    compareBytes(textOf(a), textOf(b))

const nsPerSecond = 1_000_000_000n
const smallestInt64 = -(2n ** 63n)
const largestInt64 = 2n ** 63n - 1n

/**
 * The time in nanoseconds after which a run must have been modified; undefined: all qualify. Clients send year 1 for "all",
 * which 64 bits cannot hold.
 */
export function modifiedAfterNs(sinceSeconds: bigint | undefined): bigint | undefined {
  if (sinceSeconds === undefined) return undefined
  const ns = sinceSeconds * nsPerSecond
  if (ns < smallestInt64) return undefined
  return ns > largestInt64 ? largestInt64 : ns
}
