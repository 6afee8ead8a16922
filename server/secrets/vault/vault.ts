/** The vault: what is secret rests sealed, under one key once all that was sealed otherwise is sealed anew. */
import { dispatchError } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import type { Store } from '../../store/port.ts'
import { createKey } from './key.ts'
import type { KeyRing, Keys } from './key-ring.ts'
import { createOpened } from './opened.ts'
import { type Resealed, reseal, type Unopened } from './reseal.ts'
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
  /** To be called before all else: afterwards what can be opened is sealed with the present key, in all of the store's files. */
  start(): Promise<void>
  /** DispatchError KEYS_ROTATING or KEYS_GIVEN. Who reads and writes meanwhile notices nothing. */
  rotate(): Promise<Rotation>
}

export function createVault(options: VaultOptions): Vault {
  const { store, fields, keys, log } = options
  const mark = createSealMark(store.events)
  const opened = createOpened()
  let isRotating = false

  const tell = ({ kind, org, name, thrown }: Unopened): void =>
    log.error(
      { kind, org, name, err: thrown },
      'a record cannot be opened, so former keys are kept: put it back from a backup, or delete it and create it again',
    )

  /** False when it could not be done: nobody is kept from his work by that, and the next start tries again. */
  const scrub = async (): Promise<boolean> => {
    try {
      await store.scrub()
      return true
    } catch (thrown) {
      log.error(
        { err: thrown },
        'what a former version left in clear may still lie in the database file: make room for two more copies of it, and restart the server',
      )
      return false
    }
  }

  /** A crash in between is made good by the next start. */
  const sealAll = async (): Promise<Resealed> => {
    const key = keys.current()
    const areSame = await mark.areFields(fields)
    if (areSame && (await mark.isOnly(key.id))) return { records: 0, unopened: [] }
    // Of what is a secret since this version, what is stored already lies in clear.
    const wasClear = !areSame || (await mark.hasClear())
    await mark.add(key.id)
    const resealed = await reseal(options)
    // Whatever is there now: what was removed may still lie in the file, and a former start may have ended just here.
    const isClean = !wasClear || (await scrub())
    if (isClean && resealed.unopened.length === 0) await mark.setOnly(key.id)
    if (isClean) await mark.setFields(fields)
    resealed.unopened.forEach(tell)
    return resealed
  }

  const dropFormer = async (): Promise<void> => {
    if (keys.ids().length > 1 && (await mark.isOnly(keys.current().id))) await keys.replace?.([keys.current()])
  }

  /** Throws when a record cannot be opened: the former key still counts then. */
  const rotate = async (): Promise<Rotation> => {
    if (!keys.replace) throw dispatchError('KEYS_GIVEN', { place: keys.place })
    const former = keys.ids().flatMap(id => keys.find(id) ?? [])
    const both: Keys = [createKey(), ...former]
    await keys.replace(both).catch(thrown => {
      log.error({ err: thrown }, 'the keys of the vault cannot be replaced')
      throw dispatchError('KEYS_GIVEN', { place: keys.place })
    })
    const { records, unopened } = await sealAll()
    if (unopened[0]) throw unopened[0].thrown
    await dropFormer()
    return { key: keys.current().id, records }
  }

  return {
    store: createSealedStore({ ...options, opened }),
    start: async () => {
      const { records } = await sealAll()
      await dropFormer().catch(thrown =>
        log.warn(
          { err: thrown },
          `former keys stay in ${keys.place}, which this server cannot replace: take them out by hand`,
        ),
      )
      const key = keys.current().id
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
        opened.forgetAll()
      }
    },
  }
}
