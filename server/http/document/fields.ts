/** Schemas in words: the fields of an object one below the other, and what each may hold. */
import type { Description } from './describe.ts'
import type { Schema } from './schema.ts'

export interface Field {
  /** From the root: `tags[].key`. */
  path: string
  type: string
  required: boolean
  description: string
}

const isNull = (schema: Schema): boolean => schema.type === 'null'

/** The schemas that are not null of a union, or the schema alone. */
const alternatives = (schema: Schema): Schema[] => schema.anyOf?.filter(each => !isNull(each)) ?? [schema]

const limitsOf = ({ minimum, maximum, maxLength }: Schema): string => {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`
  if (minimum !== undefined) return ` from ${minimum}`
  return maxLength === undefined ? '' : ` of at most ${maxLength} characters`
}

const names: Record<string, string> = { integer: 'whole number', boolean: 'true or false', string: 'text' }
const formats: Record<string, string> = { uuid: 'UUID', byte: 'base64', 'date-time': 'time' }

const plural = (type: string): string => (/^[a-z]+$/.test(type) ? `${type}s` : type)

function plainType(schema: Schema): string {
  const { type, title, items, additionalProperties } = schema
  if (title !== undefined) return title
  if (schema.const !== undefined) return `"${schema.const}"`
  if (schema.enum) return schema.enum.join(' or ')
  if (type === undefined) return 'any JSON'
  if (type === 'array') return `list of ${items ? plural(typeText(items)) : 'anything'}`
  if (additionalProperties) return `object of ${plural(typeText(additionalProperties))}`
  const name = formats[schema.format ?? ''] ?? names[type] ?? type
  return `${name}${limitsOf(schema)}`
}

/** What a value may be, such as `list of text, or null`. */
export function typeText(schema: Schema): string {
  const types = alternatives(schema).map(plainType).join(', or ')
  return schema.anyOf?.some(isNull) ? `${types}, or null` : types
}

function fieldsBelow(schema: Schema, path: string): Field[] {
  const inner = alternatives(schema).find(({ properties, items }) => properties ?? items) ?? schema
  if (inner.items) return fieldsBelow(inner.items, `${path}[]`)
  const below = path === '' ? '' : `${path}.`
  return Object.entries(inner.properties ?? {}).flatMap(([name, property]) => [
    {
      path: `${below}${name}`,
      type: typeText(property),
      required: inner.required?.includes(name) === true,
      description: property.description ?? '',
    },
    ...fieldsBelow(property, `${below}${name}`),
  ])
}

/** All fields of an object, those of its objects and lists too. */
export const fieldsOf = (schema: Schema): Field[] => fieldsBelow(schema, '')

/** What a client has to say: without the fields that are checked and ignored. */
export function withoutReadOnly(schema: Schema): Schema {
  const { properties } = schema
  if (!properties) return schema
  return { ...schema, properties: Object.fromEntries(Object.entries(properties).filter(([, each]) => !each.readOnly)) }
}

/** What the operations answer, each named schema once. */
export function answeredSchemas(operations: Description[]): { title: string; schema: Schema }[] {
  const schemas = operations.flatMap(({ answers }) => answers.flatMap(({ schema }) => schema ?? []))
  const named = new Map(schemas.flatMap(schema => namedPart(schema) ?? []).map(schema => [schema.title ?? '', schema]))
  return [...named].map(([title, schema]) => ({ title, schema }))
}

/** The named schema that the schema is, or is a list or one alternative of. */
export function namedPart(schema: Schema): Schema | undefined {
  if (schema.title !== undefined) return schema
  const [inner] = schema.anyOf ?? (schema.items ? [schema.items] : [])
  return inner && namedPart(inner)
}
