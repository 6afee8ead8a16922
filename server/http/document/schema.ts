/** Schemas as documents show them: plain JSON Schema, without the annotations that only validation reads. */
import type { TSchema } from '@sinclair/typebox'

export interface Schema {
  $ref?: string
  type?: string
  title?: string
  description?: string
  format?: string
  pattern?: string
  enum?: unknown[]
  const?: unknown
  required?: string[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  readOnly?: boolean
  examples?: unknown[]
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  additionalProperties?: Schema
  not?: Schema
}

const copied = [
  ...['type', 'title', 'description', 'format', 'pattern', 'enum', 'const', 'required', 'minimum', 'maximum'],
  ...['minLength', 'maxLength', 'readOnly', 'examples'],
]
const nested = ['properties', 'items', 'anyOf', 'additionalProperties']
/** For validation alone. */
const internal = ['patternText', 'bodyName']
/** Holds keywords that documents show in place of those that are checked; undefined: none. */
const replacing = 'shownAs'

/** Throws for a keyword that is neither shown nor known as internal: documents must not say less than what is checked. */
function checkKeywords(schema: TSchema): void {
  const known = [...copied, ...nested, ...internal, replacing]
  const unknown = Object.keys(schema).filter(keyword => !known.includes(keyword))
  if (unknown.length > 0) throw new Error(`documents do not know how to show ${unknown.join(', ')}`)
}

const mapValues = <From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))

/** Of what validates or describes. */
export function publicSchema(schema: TSchema): Schema {
  checkKeywords(schema)
  const { properties, items, anyOf, additionalProperties } = schema
  return {
    ...Object.fromEntries(copied.filter(keyword => keyword in schema).map(keyword => [keyword, schema[keyword]])),
    ...(properties && { properties: mapValues<TSchema, Schema>(properties, publicSchema) }),
    ...(items && { items: publicSchema(items) }),
    ...(anyOf && { anyOf: anyOf.map(publicSchema) }),
    ...(additionalProperties && { additionalProperties: publicSchema(additionalProperties) }),
    ...schema[replacing],
  }
}

/** The schema with each one below it changed, deepest first. */
export function mapSchema(schema: Schema, change: (schema: Schema) => Schema): Schema {
  const { properties, items, anyOf, additionalProperties } = schema
  const below = (each: Schema) => mapSchema(each, change)
  return change({
    ...schema,
    ...(properties && { properties: mapValues(properties, below) }),
    ...(items && { items: below(items) }),
    ...(anyOf && { anyOf: anyOf.map(below) }),
    ...(additionalProperties && { additionalProperties: below(additionalProperties) }),
  })
}

export interface NamedSchemas {
  /** Titled schemas become references to what is collected under their title. */
  refer(schema: Schema): Schema
  all(): Record<string, Schema>
}

export function createNamedSchemas(prefix: string): NamedSchemas {
  const named = new Map<string, Schema>()
  const replace = (schema: Schema): Schema => {
    const { title } = schema
    if (title === undefined) return schema
    const known = named.get(title)
    if (known && JSON.stringify(known) !== JSON.stringify(schema)) throw new Error(`two schemas are called ${title}`)
    named.set(title, schema)
    return { $ref: `${prefix}${title}` }
  }
  return {
    refer: schema => mapSchema(schema, replace),
    all: () => Object.fromEntries([...named].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  }
}
