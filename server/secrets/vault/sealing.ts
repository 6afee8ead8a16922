/** Entities of a kind as they rest: the fields that are secret lie in an envelope together. */
import type { Entity, Kind } from '../../core/entity.ts'
import { dispatchError, messageOf } from '../../core/errors.ts'
import { kindLabels } from '../../core/kind-labels.ts'
import { type Envelope, open, seal } from './envelope.ts'
import type { KeyRing } from './key-ring.ts'
import type { Opened } from './opened.ts'

/** Without an envelope it is as a former version has stored it: in clear. */
export type Resting<T extends Entity = Entity> = T & { sealed?: Envelope }

export interface Sealing<T extends Entity> {
  close(entity: T): Resting<T>
  /** DispatchError SEAL_BROKEN when it cannot be opened. */
  open(resting: Resting<T>): T
  /** What cannot be opened has status ERROR, unless it goes away, a reason, and what stands for its secret fields. */
  show(resting: Resting<T>): T
  /** All that is secret of it is sealed, and with the key that seals now. */
  isCurrent(resting: Resting<T>): boolean
}

/** Of what is shown unopened: whoever writes such an entity leaves the envelope as it is. */
const unopened = Symbol('unopened')
type Shown<T> = T & { [unopened]?: { sealed?: Envelope } }

const placeOf = (kind: Kind, { org, name, id }: Entity): string => JSON.stringify([kind, org, name, id])

export interface SealingOptions {
  /** Each with what stands for it where it cannot be opened. */
  fields: Readonly<Record<string, unknown>>
  keys: KeyRing
  /** Remembers what `open` has opened. */
  opened?: Opened
}

export function createSealing<T extends Entity>(kind: Kind, { fields, keys, opened }: SealingOptions): Sealing<T> {
  const names = Object.keys(fields)
  const without = Object.fromEntries(names.map(field => [field, undefined]))
  const always = names.filter(field => fields[field] !== undefined)

  const textOf = (entity: T): string =>
    JSON.stringify(Object.fromEntries(Object.entries(entity).filter(([field]) => names.includes(field))))

  const openEnvelope = (envelope: Envelope, entity: Entity): string => {
    const key = keys.find(envelope.key)
    if (!key) throw new Error(`it is sealed with key ${envelope.key}, which this server does not have`)
    return open(envelope, key, placeOf(kind, entity))
  }

  const openAgain = (envelope: Envelope, entity: Entity): string => {
    const openNow = (): string => openEnvelope(envelope, entity)
    return opened ? opened.open(entity, { place: placeOf(kind, entity), box: envelope.box }, openNow) : openNow()
  }

  const checkClear = (entity: object): void => {
    if (always.length > 0 && !always.some(field => field in entity)) throw new Error('its seal is gone')
  }

  const openOne = ({ sealed, ...rest }: Resting<T>, textIn: typeof openEnvelope): T => {
    try {
      if (!sealed) checkClear(rest)
      return { ...rest, ...(sealed && JSON.parse(textIn(sealed, rest))) }
    } catch (thrown) {
      const { name } = rest
      throw dispatchError('SEAL_BROKEN', { kind: kindLabels[kind], name, cause: messageOf(thrown) })
    }
  }

  const blankOf = (resting: Resting<T>, reason: string): Shown<T> => {
    const { sealed } = resting
    const status = resting.status === 'DELETING' ? 'DELETING' : 'ERROR'
    const shown: Shown<Resting<T>> = { ...resting, ...fields, status, reason: [reason] }
    shown[unopened] = sealed ? { sealed } : {}
    delete shown.sealed
    return shown
  }

  return {
    close: (entity: Shown<T>) => ({
      ...entity,
      ...without,
      ...(entity[unopened] ?? { sealed: seal(textOf(entity), keys.current(), placeOf(kind, entity)) }),
    }),
    open: resting => openOne(resting, openAgain),
    show: resting => {
      try {
        return openOne(resting, openEnvelope)
      } catch (thrown) {
        return blankOf(resting, messageOf(thrown))
      }
    },
    isCurrent: resting => resting.sealed?.key === keys.current().id && !names.some(field => field in resting),
  }
}
