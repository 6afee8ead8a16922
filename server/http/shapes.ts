/** Schema building blocks that several resources share: fields of requests, and fields of answers. */
import { type TSchema, Type } from '@sinclair/typebox'
import { type Status, statuses } from '../core/status.ts'

const nameText = 'should start with letter or number and may only contain letters, numbers, underscores and dashes'
/** Read-only fields are checked and ignored: clients send back what they got. */
const ours = { readOnly: true, description: 'Set by the server; what is sent is ignored' }
const tag = Type.Object({
  key: Type.Optional(Type.String({ description: 'Unique among the tags of one resource' })),
  value: Type.Optional(Type.String({ description: 'Any text' })),
})

export const name = Type.String({
  pattern: '^[\\w\\d][\\w\\d\\-]*$',
  patternText: nameText,
  description: 'Unique in its organization among those of its kind; it cannot be changed',
})
export const pathName = Type.String({ pattern: '^[\\w\\d\\-]+$' })
export const uuid = Type.Optional(Type.String({ format: 'uuid', ...ours }))
export const kind = Type.Optional(Type.String({ pattern: '^[\\w\\d\\-]+$', ...ours }))
export const status = Type.Optional(Type.Unsafe<Status>({ type: 'string', enum: [...statuses], ...ours }))
export const spec = Type.Optional(Type.String({ enum: ['CONFIGURE', 'CREATE', 'DELETE'], ...ours }))
export const ignoredStrings = Type.Optional(Type.Array(Type.String(), ours))
export const tags = Type.Optional(
  Type.Array(tag, { description: 'Free words to find it by; of equal keys the last one counts' }),
)
export const strings = (description: string) => Type.Optional(Type.Array(Type.String(), { description }))
export const text = (description: string) => Type.Optional(Type.String({ description }))
export const flag = (description: string) => Type.Optional(Type.Boolean({ description }))
export const pageLimit = Type.Optional(
  Type.String({
    pattern: '^([1-9][0-9]{0,2}|1000)$',
    patternText: 'should be a number from 1 to 1000',
    shownAs: { type: 'integer', minimum: 1, maximum: 1000, pattern: undefined },
    description: 'How many at most',
  }),
)
export const runNameInPath = Type.String({
  format: 'uuid',
  description: 'Name of a run',
  examples: ['01a20d76-6e31-7986-b2b7-4c460a224a6e'],
})
export const pathOf = (parameter: string, description: string, example: unknown) =>
  Type.Object({ [parameter]: Type.String({ ...pathName, description, examples: [example] }) })

export const orNull = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description })
export const stringsOrNull = (description: string) => orNull(Type.Array(Type.String()), description)
export const shownTag = Type.Object({
  key: Type.String({ description: 'Unique among them' }),
  value: Type.String({ description: 'Any text' }),
})
export const tagsOrNull = (description: string) => orNull(Type.Array(shownTag), description)
export const seconds = (description: string) =>
  Type.Integer({ format: 'int64', description: `${description}, Unix seconds` })

export const shown = {
  id: Type.String({ format: 'uuid', description: 'Stays the same for as long as it exists' }),
  name: Type.String({ description: 'Unique in its organization among those of its kind' }),
  createdTime: seconds('When it was created'),
  reason: stringsOrNull('Why it is in ERROR, or not READY yet'),
  status: Type.Unsafe<Status>({ type: 'string', enum: [...statuses], description: 'READY: it can be used' }),
  tags: tagsOrNull('What it was tagged with'),
}
/** Of kinds that have no life cycle. */
export const shownFault = {
  status: Type.Optional(Type.Literal('ERROR', { description: 'There when what is secret of it cannot be opened' })),
  reason: Type.Optional(Type.Array(Type.String(), { description: 'Why not, and what to do; there with `status`' })),
}
export const shownKind = <Name extends string>(kindName: Name) => Type.Literal(kindName, { description: 'Its kind' })
