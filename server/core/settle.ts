/** Writes the outcome of a reconciliation back, only when it differs: an unchanged write would wake the loop for ever. */
import { type Clock, secondsOf } from './clock.ts'
import type { Entity } from './entity.ts'

interface Writer<T extends Entity> {
  update(entity: T): Promise<T>
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Stores the entity with the changed fields; rejects with WRITE_CONFLICT when somebody else was first. */
export async function settle<T extends Entity>(
  writer: Writer<T>,
  clock: Clock,
  change: { entity: T; to: Partial<T> },
): Promise<void> {
  const next = { ...change.entity, ...change.to }
  if (isSame(next, change.entity)) return
  await writer.update({ ...next, modifiedTimeSeconds: secondsOf(clock.nowNs()) })
}

const pending = new Set(['INITIALIZED', 'CREATING', 'UPDATING'])

/**
 * Lets whoever waits for a resource read why it is not there yet, while the machine's fault is being retried. The reason
 * is written once: writing wakes the loop, and texts that differ from try to try would keep it spinning.
 */
export async function noteFailure<T extends Entity>(
  entities: Writer<T> & { get(org: string, name: string): Promise<T | undefined> },
  key: { org: string; name: string },
  cause: string,
): Promise<void> {
  const entity = await entities.get(key.org, key.name)
  if (!entity || !pending.has(entity.status) || entity.reason !== null) return
  await entities.update({ ...entity, reason: [`not possible yet, it is tried again: ${cause}`] })
}
