/** Owns how an object is put into the form of its model: which keys, in which order, and what stands for "nothing". */
import { isJsonObject, isNumber, type Json, type JsonObject, numberOf, objectOf, sortKeys } from './json.ts'

/** The values of a `textMap` are texts, those of a `map` are free. */
export type Plain = 'text' | 'int' | 'number' | 'bool' | 'texts' | 'textMap' | 'map' | 'any'

export interface Field {
  readonly type: Plain | Model
  /** A list of `type`. */
  readonly many?: true
  /** Left out of JSON when empty, 0 or false. */
  readonly optional?: true
  /** Left out of YAML as well: what the original does not have looks the same where it is not used. */
  readonly added?: true
}
/** The order of the keys is the order of the output. */
export type Model = Readonly<{ [name: string]: Field }>

export type Form = 'json' | 'yaml'

const isMap = (type: Field['type']): boolean => type === 'map' || type === 'textMap'

function zeroOf({ type, many }: Field, form: Form): Json {
  if (many || type === 'texts') return form === 'yaml' ? [] : null
  if (type === 'text') return ''
  if (type === 'int' || type === 'number') return numberOf('0')
  if (type === 'bool') return false
  return isMap(type) && form === 'yaml' ? {} : null
}

/** Free values and objects are only empty when they are absent: an output of 0 or "" is an output. */
function isZero({ type, many }: Field, value: Json): boolean {
  if (value === null) return true
  if (many || type === 'texts') return Array.isArray(value) && value.length === 0
  if (isMap(type)) return isJsonObject(value) && Object.keys(value).length === 0
  if (type === 'int' || type === 'number') return isNumber(value) && value.value === '0'
  return type !== 'any' && typeof type === 'string' && (value === '' || value === false)
}

function shapeField(field: Field, value: Json, form: Form): Json {
  const { type } = field
  if (typeof type === 'string') return sortKeys(value)
  if (Array.isArray(value)) return value.map(item => shape(type, objectOf(item), form))
  return isJsonObject(value) ? shape(type, value, form) : value
}

/** Keys that the model does not know (of a newer server) come last, in byte order. */
export function shape(model: Model, value: JsonObject, form: Form): JsonObject {
  const shaped: JsonObject = {}
  for (const [name, field] of Object.entries(model)) {
    const present = value[name] ?? null
    if ((field.added || (form === 'json' && field.optional)) && isZero(field, present)) continue
    shaped[name] =
      present === null || (form === 'yaml' && isZero(field, present))
        ? zeroOf(field, form)
        : shapeField(field, present, form)
  }
  const unknown = Object.entries(value).filter(([name]) => !Object.hasOwn(model, name))
  return { ...shaped, ...objectOf(sortKeys(Object.fromEntries(unknown))) }
}
