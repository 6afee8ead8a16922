/** Schema building blocks that several resources share: names, tags, and the read-only fields that clients send back. */
import { Type } from '@sinclair/typebox'
import { type Status, statuses } from '../core/status.ts'

const nameText = 'should start with letter or number and may only contain letters, numbers, underscores and dashes'

export const name = Type.String({ pattern: '^[\\w\\d][\\w\\d\\-]*$', patternText: nameText })
export const pathName = Type.String({ pattern: '^[\\w\\d\\-]+$' })
export const uuid = Type.Optional(Type.String({ format: 'uuid' }))
export const kind = Type.Optional(Type.String({ pattern: '^[\\w\\d\\-]+$' }))
export const strings = Type.Optional(Type.Array(Type.String()))
export const status = Type.Optional(Type.Unsafe<Status>({ type: 'string', enum: [...statuses] }))
export const spec = Type.Optional(Type.String({ enum: ['CONFIGURE', 'CREATE', 'DELETE'] }))
export const tags = Type.Optional(
  Type.Array(Type.Object({ key: Type.Optional(Type.String()), value: Type.Optional(Type.String()) })),
)
export const pathOf = (parameter: string) => Type.Object({ [parameter]: pathName })
