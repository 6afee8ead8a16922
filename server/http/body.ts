/** Reads a JSON body the way existing clients may write it: any key case, nulls for absent, garbage after the value. */
import type { TSchema } from '@sinclair/typebox'
import { dispatchError, messageOf } from '../core/errors.ts'
import { isDeeperThan, maxDepth } from '../core/json-depth.ts'

export interface FirstJson {
  value: unknown
  /** The text of that value alone. */
  text: string
}

/** What messages call the body that the schema describes: its annotation `bodyName`. */
export const bodyNameOf = (schema: TSchema): string => String(schema.bodyName ?? 'body')

/** The first JSON value of the text. DispatchError BODY_NOT_PARSED when there is none. */
export function parseFirstJson(text: string, bodyName = 'body'): FirstJson {
  if (isDeeperThan(maxDepth, text)) {
    throw dispatchError('BODY_NOT_PARSED', { bodyName, cause: `it is nested more than ${maxDepth} levels deep` })
  }
  return readFirst(text, bodyName)
}

/** The parser's own words without the piece of the text that it quotes: that may be part of a secret. */
const causeOf = (thrown: unknown): string =>
  messageOf(thrown).replace(/, (?:\.\.\.)?".*"(?:\.\.\.)? is not valid JSON$/s, '')

function readFirst(text: string, bodyName: string): FirstJson {
  try {
    return { value: JSON.parse(text), text }
  } catch (thrown) {
    const end = /^Unexpected non-whitespace character after JSON at position (\d+)/.exec(messageOf(thrown))?.[1]
    if (end !== undefined) return readFirst(text.slice(0, Number(end)), bodyName)
    throw dispatchError('BODY_NOT_PARSED', { bodyName, cause: text.trim() === '' ? 'EOF' : causeOf(thrown) })
  }
}

/** Most bodies are as the schema spells them, with nothing to leave out and nothing to look into. */
function isSpelledOut(properties: Record<string, TSchema>, value: Record<string, unknown>): boolean {
  for (const key in value) {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined
    if (!property || (!isFreeForm(property) && typeof value[key] === 'object')) return false
  }
  return true
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
  if (isSpelledOut(properties, value)) return value
  const spelling = new Map(Object.keys(properties).map(key => [key.toLowerCase(), key]))
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    const known = Object.hasOwn(properties, key) ? key : (spelling.get(key.toLowerCase()) ?? key)
    const property = Object.hasOwn(properties, known) ? properties[known] : undefined
    if (item === null && property && !isFreeForm(property)) return []
    return [[known, property ? normalizeBody(property, item) : item]]
  })
  // Defines each key as its own, `__proto__` too; assigning that one would change what the object inherits.
  return Object.fromEntries(entries)
}
