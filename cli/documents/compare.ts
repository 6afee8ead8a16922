/** Owns what it would change to apply a document. */
import { createHash } from 'node:crypto'
import { renderDiff } from '../format/diff.ts'
import {
  isJsonObject,
  isNumber,
  type Json,
  type JsonObject,
  numberOf,
  objectOf,
  textOf,
  textsOf,
} from '../format/json.ts'
import { renderYaml } from '../format/yaml.ts'
import { type EditableOptions, editableOf } from './editable.ts'

export type Change = 'created' | 'changed' | 'unchanged'

export interface Comparison {
  readonly change: Change
  /** From what is there to what the document says; empty where nothing differs, or nothing is there. */
  readonly diff: string
  readonly code: CodeChange
}

/** Of the code that a document brings, beside what is there, if anything; `unknown` where the server does not tell. */
export type CodeChange = 'none' | 'same' | 'other' | 'unknown'

function compareCode(existing: JsonObject | undefined, body: JsonObject): CodeChange {
  const code = textOf(body.source)
  if (code === '') return 'none'
  if (existing === undefined) return 'other'
  const held = textOf(existing.sourceSha256)
  if (held === '') return 'unknown'
  return createHash('sha256').update(Buffer.from(code, 'base64')).digest('hex') === held ? 'same' : 'other'
}

/** The server keeps numbers, not how they were written. */
function unifyNumbers(value: Json): Json {
  if (isNumber(value)) {
    const double = Number(value.value)
    return Number.isFinite(double) ? numberOf(String(double)) : value
  }
  if (Array.isArray(value)) return value.map(unifyNumbers)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unifyNumbers(inner)]))
}

const keyOf = (pair: Json) => textOf(objectOf(pair).key)
const byKey = (left: Json, right: Json) => (keyOf(left) < keyOf(right) ? -1 : 1)
const sortPairs = (pairs: Json | undefined): Json => (Array.isArray(pairs) ? [...pairs].sort(byKey) : (pairs ?? null))

/** In the form that the server gives to what it is sent, so that only what means something else differs. */
function normalize(object: JsonObject, options: EditableOptions): JsonObject {
  const { sourcePath: _, ...told } = objectOf(unifyNumbers(editableOf(object, options)))
  return {
    ...told,
    ...('tags' in told && { tags: sortPairs(told.tags) }),
    ...('config' in told && { config: sortPairs(told.config) }),
    ...('methods' in told && { methods: textsOf(told.methods).map(method => method.toUpperCase()) }),
  }
}

/** Values of secrets are only said to differ. */
function hideValues(values: Json | undefined, others: JsonObject): JsonObject {
  const hide = ([key, value]: [string, Json]) => {
    const differs = key in others && others[key] !== value
    return [key, differs ? '<hidden, another value>' : '<hidden>'] as const
  }
  return Object.fromEntries(Object.entries(objectOf(values)).map(hide))
}

export function compareObject(
  existing: JsonObject | undefined,
  body: JsonObject,
  options: EditableOptions,
): Comparison {
  if (existing === undefined) return { change: 'created', diff: '', code: compareCode(existing, body) }
  const before = normalize(existing, options)
  const after = normalize(body, options)
  if (options.resource.kind === 'Secret') {
    const held = objectOf(before.secrets)
    before.secrets = hideValues(held, {})
    after.secrets = hideValues(after.secrets, held)
  }
  const diff = renderDiff(renderYaml(before), renderYaml(after))
  const code = compareCode(existing, body)
  return { change: diff === '' && ['none', 'same'].includes(code) ? 'unchanged' : 'changed', diff, code }
}
