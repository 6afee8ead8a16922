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
  /** As `storedValues` made them: to be read through `plainValues` alone. */
  values: SecretValues
}

/** The form in which values go into the store: as they are, in clear. Only the file's mode protects them. */
export const storedValues = (plain: SecretValues): Secret['values'] => plain

/** What clients and functions get of a stored secret: its values in clear. */
export const plainValues = (secret: Secret): SecretValues => secret.values

export const renderSecret = (entity: Secret) => {
  const secrets = plainValues(entity)
  return {
    id: entity.id,
    kind: 'Secret',
    name: entity.name,
    ...(Object.keys(secrets).length > 0 && { secrets }),
    tags: entity.tags,
  }
}
