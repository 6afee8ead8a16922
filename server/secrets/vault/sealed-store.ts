/** A store whose entities rest sealed: who reads and writes them sees nothing of it. */
import type { Entity, Kind } from '../../core/entity.ts'
import type { Collection, Store } from '../../store/port.ts'
import type { KeyRing } from './key-ring.ts'
import type { OpenedOfKinds, Place } from './opened.ts'
import { createSealing, type Resting, type SealingOptions } from './sealing.ts'

/** The fields that are secret, of the kinds that have any, each with what stands for it where it cannot be opened. */
export type SealedFields = Partial<Record<Kind, Readonly<Record<string, unknown>>>>

export interface SealedStoreOptions {
  store: Store
  fields: SealedFields
  keys: KeyRing
  /** Spares those who get an entity again and again the opening; what is written or removed is forgotten. */
  opened?: OpenedOfKinds
}

export const createSealedStore = ({ store, fields, keys, opened }: SealedStoreOptions): Store => ({
  ...store,
  collection: <T extends Entity>(kind: Kind): Collection<T> => {
    const resting = store.collection<Resting<T>>(kind)
    const secret = fields[kind]
    if (!secret) return store.collection<T>(kind)
    return createSealedCollection(resting, kind, { fields: secret, keys, ...(opened && { opened: opened.of(kind) }) })
  },
})

function createSealedCollection<T extends Entity>(
  resting: Collection<Resting<T>>,
  kind: Kind,
  options: SealingOptions,
): Collection<T> {
  const sealing = createSealing<T>(kind, options)
  /** Once it is written: whoever has read what was there before has remembered it by then. */
  const forgetAfter = <Result>(at: Place, work: Promise<Result>): Promise<Result> =>
    work.finally(() => options.opened?.forget(at))
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
    update: async entity => {
      const { revision } = await forgetAfter(entity, resting.update(sealing.close(entity)))
      return { ...entity, revision }
    },
    rewrite: entity => forgetAfter(entity, resting.rewrite(sealing.close(entity))),
    remove: (org, name) => forgetAfter({ org, name }, resting.remove(org, name)),
  }
}
