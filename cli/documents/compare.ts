/** Owns what it would change to apply a document. */
import { renderDiff } from '../format/diff.ts'
import { type Json, type JsonObject, objectOf, textOf, textsOf } from '../format/json.ts'
import { renderYaml } from '../format/yaml.ts'
import { type EditableOptions, editableOf } from './editable.ts'

export type Change = 'created' | 'changed' | 'unchanged'

export interface Comparison {
  readonly change: Change
  /** From what is there to what the document says; empty where nothing differs, or nothing is there. */
  readonly diff: string
  /** The document brings code. The server does not tell what it has, and builds it anew. */
  readonly hasCode: boolean
}

const keyOf = (pair: Json) => textOf(objectOf(pair).key)
const byKey = (left: Json, right: Json) => (keyOf(left) < keyOf(right) ? -1 : 1)
const sortPairs = (pairs: Json | undefined): Json => (Array.isArray(pairs) ? [...pairs].sort(byKey) : (pairs ?? null))

/** In the form that the server gives to what it is sent, so that only what means something else differs. */
function normalize(object: JsonObject, options: EditableOptions): JsonObject {
  const { sourcePath: _, ...told } = editableOf(object, options)
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
  const hasCode = options.resource.kind === 'Function' && textOf(body.source) !== ''
  if (existing === undefined) return { change: 'created', diff: '', hasCode }
  const before = normalize(existing, options)
  const after = normalize(body, options)
  if (options.resource.kind === 'Secret') {
    const held = objectOf(before.secrets)
    before.secrets = hideValues(held, {})
    after.secrets = hideValues(after.secrets, held)
  }
  const diff = renderDiff(renderYaml(before), renderYaml(after))
  return { change: diff === '' && !hasCode ? 'unchanged' : 'changed', diff, hasCode }
}
