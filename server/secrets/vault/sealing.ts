/** Entities of a kind as they rest: the fields that are secret lie in an envelope together. */
import type { Entity, Kind } from '../../core/entity.ts'
import { dispatchError, messageOf } from '../../core/errors.ts'
import { kindLabels } from '../../core/kind-labels.ts'
import { type Envelope, open, seal } from './envelope.ts'
import type { KeyRing } from './key-ring.ts'

/** Without an envelope it is as a former version has stored it: in clear. */
export type Resting<T extends Entity = Entity> = T & { sealed?: Envelope }

export interface Sealing<T extends Entity> {
  close(entity: T): Resting<T>
  /** DispatchError INTERNAL when it cannot be opened. */
  open(resting: Resting<T>): T
  /** It is sealed, and with the key that seals now. */
  isCurrent(resting: Resting<T>): boolean
}

const placeOf = (kind: Kind, { org, name, id }: Entity): string => JSON.stringify([kind, org, name, id])

export function createSealing<T extends Entity>(kind: Kind, fields: readonly string[], keys: KeyRing): Sealing<T> {
  const without = Object.fromEntries(fields.map(field => [field, undefined]))

  const textOf = (entity: T): string =>
    JSON.stringify(Object.fromEntries(Object.entries(entity).filter(([field]) => fields.includes(field))))

  const openEnvelope = (envelope: Envelope, entity: Entity): string => {
    const key = keys.find(envelope.key)
    if (!key) throw new Error(`it is sealed with key ${envelope.key}, which is not in ${keys.place}`)
    return open(envelope, key, placeOf(kind, entity))
  }

  return {
    close: entity => ({ ...entity, ...without, sealed: seal(textOf(entity), keys.current(), placeOf(kind, entity)) }),
    open: ({ sealed, ...rest }) => {
      try {
        return { ...rest, ...(sealed && JSON.parse(openEnvelope(sealed, rest))) }
      } catch (thrown) {
        const { name } = rest
        throw dispatchError('INTERNAL', { kind: kindLabels[kind], name }, new Error(messageOf(thrown)))
      }
    },
    isCurrent: ({ sealed }) => sealed?.key === keys.current().id,
  }
}
