/** A store whose entities rest sealed: who reads and writes them sees nothing of it. */
import type { Entity, Kind } from '../../core/entity.ts'
import type { Collection, Store } from '../../store/port.ts'
import type { KeyRing } from './key-ring.ts'
import { createSealing, type Resting } from './sealing.ts'

/** The fields that are secret, of the kinds that have any, each with what stands for it where it cannot be opened. */
export type SealedFields = Partial<Record<Kind, Readonly<Record<string, unknown>>>>

export interface SealedStoreOptions {
  store: Store
  fields: SealedFields
  keys: KeyRing
}

export const createSealedStore = ({ store, fields, keys }: SealedStoreOptions): Store => ({
  ...store,
  collection: <T extends Entity>(kind: Kind): Collection<T> => {
    const secret = fields[kind]
    return secret ? createSealedCollection<T>(store, kind, secret, keys) : store.collection<T>(kind)
  },
})

function createSealedCollection<T extends Entity>(
  store: Store,
  kind: Kind,
  secret: Readonly<Record<string, unknown>>,
  keys: KeyRing,
): Collection<T> {
  const resting = store.collection<Resting<T>>(kind)
  const sealing = createSealing<T>(kind, secret, keys)
  return {
    ...resting,
    get: async (org, name) => {
      const found = await resting.get(org, name)
      return found && sealing.open(found)
    },
    peek: async (org, name) => {
      const found = await resting.get(org, name)
      return found && sealing.show(found)
    },
    list: async org => (await resting.list(org)).map(sealing.show),
    create: async entity => ({ ...entity, revision: (await resting.create(sealing.close(entity))).revision }),
    update: async entity => ({ ...entity, revision: (await resting.update(sealing.close(entity))).revision }),
    rewrite: entity => resting.rewrite(sealing.close(entity)),
  }
}
