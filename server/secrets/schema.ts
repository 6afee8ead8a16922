/** Secrets: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import { kind, name, tags, uuid } from '../http/shapes.ts'

export type SecretValues = Record<string, string>

/** Not a TypeBox record: its pattern would let keys with a line break hold anything. */
const values = Type.Unsafe<SecretValues>({ type: 'object', additionalProperties: { type: 'string' } })

export const secretBody = Type.Object(
  { id: uuid, kind, name, tags, secrets: Type.Optional(values) },
  { bodyName: 'secret' },
)
export type SecretBody = Static<typeof secretBody>

export interface Secret extends Entity {
  /** As `sealValues` made them: to be read through `openValues` alone. */
  values: SecretValues
}

/** The form in which values go into the store: today as they are, in clear. */
export const sealValues = (plain: SecretValues): Secret['values'] => plain

/** The way back. */
export const openValues = (secret: Secret): SecretValues => secret.values

export const renderSecret = (entity: Secret) => {
  const secrets = openValues(entity)
  return {
    id: entity.id,
    kind: 'Secret',
    name: entity.name,
    ...(Object.keys(secrets).length > 0 && { secrets }),
    tags: entity.tags,
  }
}
