/** Reads a JSON body the way existing clients may write it: any key case, nulls for absent, garbage after the value. */
import type { TSchema } from '@sinclair/typebox'
import { dispatchError, messageOf } from '../core/errors.ts'

/** The first JSON value of the text. DispatchError BODY_NOT_PARSED when there is none. */
export function parseFirstJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    const end = /after JSON at position (\d+)/.exec(messageOf(thrown))?.[1]
    if (end !== undefined) return JSON.parse(text.slice(0, Number(end)))
    throw dispatchError('BODY_NOT_PARSED', { cause: text.trim() === '' ? 'EOF' : messageOf(thrown) })
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A schema without a type takes any value, null included, so it is left as it came. */
const isFreeForm = (schema: TSchema): boolean => schema.type === undefined

/**
 * Renames keys to the spelling of the schema where only the case differs, and leaves out known keys that are null.
 * Keys that the schema does not know stay as they are.
 */
export function normalizeBody(schema: TSchema, value: unknown): unknown {
  if (schema.type === 'array' && Array.isArray(value)) return value.map(item => normalizeBody(schema.items ?? {}, item))
  if (schema.type !== 'object' || !isObject(value) || !schema.properties) return value
  const properties: Record<string, TSchema> = schema.properties
  const spelling = new Map(Object.keys(properties).map(key => [key.toLowerCase(), key]))
  const normalized: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    const known = key in properties ? key : (spelling.get(key.toLowerCase()) ?? key)
    const property = properties[known]
    if (item === null && property && !isFreeForm(property)) continue
    normalized[known] = property ? normalizeBody(property, item) : item
  }
  return normalized
}
