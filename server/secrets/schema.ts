/** Secrets: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import { renderFault } from '../core/status.ts'
import { kind, name, shown, shownFault, shownKind, tags, uuid } from '../http/shapes.ts'

export type SecretValues = Record<string, string>

/** Not a TypeBox record: its pattern would let keys with a line break hold anything. */
const values = Type.Unsafe<SecretValues>({
  type: 'object',
  additionalProperties: { type: 'string' },
  description: 'Its keys, each with a text; functions find them in their context',
})

export const secretBody = Type.Object(
  { id: uuid, kind, name, tags, secrets: Type.Optional(values) },
  {
    bodyName: 'secret',
    title: 'SecretBody',
    examples: [{ name: 'open-sesame', secrets: { password: 'OpenSesame' } }],
  },
)
export type SecretBody = Static<typeof secretBody>

export const shownSecret = Type.Object(
  {
    id: shown.id,
    kind: shownKind('Secret'),
    name: shown.name,
    ...shownFault,
    secrets: Type.Optional(values),
    tags: shown.tags,
  },
  { title: 'Secret' },
)

export interface Secret extends Entity {
  values: SecretValues
}

/** For those who may know that it is there, and no more. */
export const renderHidden = (entity: Secret): Static<typeof shownSecret> => renderSecret({ ...entity, values: {} })

export const renderSecret = ({ id, name, values: secrets, tags, ...life }: Secret): Static<typeof shownSecret> => ({
  id,
  kind: 'Secret',
  name,
  ...renderFault(life),
  ...(Object.keys(secrets).length > 0 && { secrets }),
  tags,
})
