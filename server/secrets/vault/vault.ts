/** The vault: what is secret rests sealed, under one key once all that was sealed otherwise is sealed anew. */
import { dispatchError } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import type { Store } from '../../store/port.ts'
import { createKey } from './key.ts'
import type { KeyRing, Keys } from './key-ring.ts'
import { reseal } from './reseal.ts'
import { createSealMark } from './seal-mark.ts'
import { createSealedStore, type SealedFields } from './sealed-store.ts'

export interface VaultOptions {
  store: Store
  fields: SealedFields
  keys: KeyRing
  log: Log
}

export interface Rotation {
  /** Id of the key that seals now. */
  key: string
  records: number
}

export interface Vault {
  /** Gives and takes entities in clear. */
  store: Store
  /** To be called before all else: afterwards nothing in the store's files is in clear, or sealed with a former key. */
  start(): Promise<void>
  /** DispatchError KEYS_ROTATING or KEYS_GIVEN. Who reads and writes meanwhile notices nothing. */
  rotate(): Promise<Rotation>
}

export function createVault(options: VaultOptions): Vault {
  const { store, keys, log } = options
  const mark = createSealMark(store.events)
  let isRotating = false

  /** What former keys are kept for is over when it resolves. A crash in between is made good by the next start. */
  const sealAll = async (): Promise<Rotation> => {
    const key = keys.current()
    if (await mark.isOnly(key.id)) return { key: key.id, records: 0 }
    const wasClear = await mark.hasClear()
    await mark.add(key.id)
    const records = await reseal(options)
    if (wasClear && records > 0) await store.scrub()
    await mark.setOnly(key.id)
    return { key: key.id, records }
  }

  const dropFormer = async (): Promise<void> => {
    if (keys.ids().length > 1) await keys.replace?.([keys.current()])
  }

  const rotate = async (): Promise<Rotation> => {
    if (!keys.replace) throw dispatchError('KEYS_GIVEN', { place: keys.place })
    const former = keys.ids().flatMap(id => keys.find(id) ?? [])
    const both: Keys = [createKey(), ...former]
    await keys.replace(both)
    const rotation = await sealAll()
    await dropFormer()
    return rotation
  }

  return {
    store: createSealedStore(options),
    start: async () => {
      const { key, records } = await sealAll()
      await dropFormer()
      if (records > 0) log.info({ key, records }, 'what is secret in the database is sealed with the present key now')
    },
    rotate: async () => {
      if (isRotating) throw dispatchError('KEYS_ROTATING', {})
      isRotating = true
      try {
        const rotation = await rotate()
        log.info({ ...rotation }, 'the keys of the vault were rotated')
        return rotation
      } finally {
        isRotating = false
      }
    },
  }
}
