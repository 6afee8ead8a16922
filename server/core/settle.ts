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
