/** What lists can be narrowed to: the same parameters, with the same meaning, on every list that has what they ask for. */
import { type TObject, Type } from '@sinclair/typebox'
import type { Tag } from '../core/entity.ts'
import { hasTags } from '../core/tags.ts'
import type { OperationRequest } from './operation.ts'
import { text } from './shapes.ts'

const shapes = {
  state: text('Keeps those with this status'),
  language: text('Keeps those of this language'),
  function: text('Keeps those of this function'),
}

/** Repeated, each `key=value` or `key`. */
export const tagFilter = Type.Optional(
  Type.Array(Type.String(), { description: 'Keeps those with this tag, KEY or KEY=VALUE; repeated: with all of them' }),
)

/** The same for a single one, which is not found without them. */
export const tagCondition = Type.Optional(
  Type.Array(Type.String(), {
    description: 'Finds it only with this tag, KEY or KEY=VALUE; repeated: with all of them',
  }),
)

/** How an item shows what it is asked for. */
export type Fields<T> = Partial<Record<keyof typeof shapes, (item: T) => string>>

export interface Filter<T> {
  /** Of the query. */
  schema: TObject
  /** Whether an item is asked for; undefined when all are. */
  asked(request: Pick<OperationRequest, 'query' | 'tags'>): ((item: T) => boolean) | undefined
}

/** An empty parameter asks for nothing. */
export function createFilter<T>(fields: Fields<T>, tagsOf: (item: T) => Tag[] | null): Filter<T> {
  const entries = Object.entries(fields)
  const offered = Object.entries(shapes).filter(([name]) => Object.hasOwn(fields, name))
  return {
    schema: Type.Object({ ...Object.fromEntries(offered), tags: tagFilter }),
    asked: ({ query, tags }) => {
      const wanted = entries.filter(([name]) => query[name])
      if (wanted.length === 0 && tags.length === 0) return undefined
      return item =>
        wanted.every(([name, read]) => read(item) === query[name]) &&
        (tags.length === 0 || hasTags({ tags: tagsOf(item) }, tags))
    },
  }
}
