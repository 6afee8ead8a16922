/** Owns how a YAML tree becomes an object of the API: names whatever their case, text as it is written, numbers exact. */
import { isNumber, type Json, type JsonObject, numberOf } from '../format/json.ts'
import type { Field, Model, Plain } from '../format/model.ts'
import type { Tree } from './tree.ts'

/** A value of the wrong kind; the caller adds file and document. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
}

const wrong = (tree: Tree, path: string, wanted: string) =>
  new DecodeError(`line ${tree.line}: ${path} must be ${wanted}`)

const isNull = (tree: Tree): boolean => tree.is === 'scalar' && tree.plain && /^(|~|null|Null|NULL)$/.test(tree.text)

/** The core rules of YAML 1.2: `yes`, `0777` and `1:30` are text, or what they look like in decimal. */
function decodeScalar(text: string, plain: boolean): Json {
  if (!plain) return text
  if (/^(|~|null|Null|NULL)$/.test(text)) return null
  if (/^(true|True|TRUE)$/.test(text)) return true
  if (/^(false|False|FALSE)$/.test(text)) return false
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(text)) return numberOf(text)
  if (/^0x[\da-fA-F]+$/.test(text) || /^0o[0-7]+$/.test(text)) return numberOf(String(BigInt(text)))
  if (/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(text)) return numberOf(String(Number(text)))
  return text
}

function decodeAny(tree: Tree): Json {
  if (tree.is === 'scalar') return decodeScalar(tree.text, tree.plain)
  if (tree.is === 'list') return tree.items.map(decodeAny)
  return Object.fromEntries(tree.entries.map(([name, value]) => [name, decodeAny(value)]))
}

function decodeText(tree: Tree, path: string): string {
  if (tree.is !== 'scalar') throw wrong(tree, path, 'text')
  return isNull(tree) ? '' : tree.text
}

const decodeTextMap = ({ entries }: Tree & { is: 'map' }, path: string): Json =>
  Object.fromEntries(entries.map(([name, value]) => [name, decodeText(value, `${path}.${name}`)]))

function decodePlain(type: Plain, tree: Tree, path: string): Json {
  if (type === 'any') return decodeAny(tree)
  if (type === 'text') return decodeText(tree, path)
  if (isNull(tree)) return null
  if (type === 'texts') {
    if (tree.is !== 'list') throw wrong(tree, path, 'a list of texts')
    return tree.items.map((item, index) => decodeText(item, `${path}[${index}]`))
  }
  if (type === 'map' || type === 'textMap') {
    if (tree.is !== 'map') throw wrong(tree, path, 'a map')
    return type === 'map' ? decodeAny(tree) : decodeTextMap(tree, path)
  }
  const value = decodeAny(tree)
  if (type === 'number') {
    if (!isNumber(value)) throw wrong(tree, path, 'a number')
    return value
  }
  const fits = type === 'bool' ? typeof value === 'boolean' : tree.is === 'scalar' && /^[-+]?\d+$/.test(tree.text)
  if (!fits) throw wrong(tree, path, type === 'bool' ? 'true or false' : 'a whole number')
  return value
}

function decodeField(field: Field, tree: Tree, path: string): Json {
  const { type } = field
  if (typeof type === 'string') return decodePlain(type, tree, path)
  if (isNull(tree)) return null
  if (!field.many) return decodeModel(type, tree, path)
  if (tree.is !== 'list') throw wrong(tree, path, 'a list')
  return tree.items.map((item, index) => decodeModel(type, item, `${path}[${index}]`))
}

/** Unknown keys are passed over; of a key given twice the last one counts. Throws DecodeError. */
export function decodeModel(model: Model, tree: Tree, path = ''): JsonObject {
  if (tree.is !== 'map') throw wrong(tree, path || 'the document', 'a map')
  const nameOf = new Map(Object.keys(model).map(name => [name.toLowerCase(), name]))
  const decoded: JsonObject = {}
  for (const [key, value] of tree.entries) {
    const name = nameOf.get(key.toLowerCase())
    const field = name === undefined ? undefined : model[name]
    if (name === undefined || field === undefined) continue
    decoded[name] = decodeField(field, value, path === '' ? name : `${path}.${name}`)
  }
  return decoded
}
