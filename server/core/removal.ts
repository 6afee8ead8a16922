/** Lets a name be used again at once: who wants that of an entity which is being deleted waits until it is cleared away. */
import type { Entity, Kind } from './entity.ts'

interface Key {
  kind: Kind
  org: string
  name: string
}

interface Entities<T extends Entity> {
  get(org: string, name: string): Promise<T | undefined>
}

export interface RemovalOptions {
  /** The store's feed of committed changes. */
  onChange(listener: (change: Key & { removed: boolean }) => void): () => void
  maxWaitMs: number
}

/** Resolves when nothing of that name is being deleted, or after `maxWaitMs` all the same: the name may be taken then. */
export type AwaitRemoval = <T extends Entity>(entities: Entities<T>, key: Key) => Promise<void>

export function createAwaitRemoval({ onChange, maxWaitMs }: RemovalOptions): AwaitRemoval {
  return async (entities, { kind, org, name }) => {
    const isLeaving = async () => (await entities.get(org, name))?.status === 'DELETING'
    if (!(await isLeaving())) return
    const { promise: over, resolve: end } = Promise.withResolvers<void>()
    const stop = onChange(change => {
      if (change.removed && change.kind === kind && change.org === org && change.name === name) end()
    })
    const timer = setTimeout(end, maxWaitMs)
    try {
      // It may have gone before it was listened for.
      if (await isLeaving()) await over
    } finally {
      clearTimeout(timer)
      stop()
    }
  }
}
