/** Owns which part of an object is a person's to change, and how it reads as a document. */
import { type JsonObject, objectOf, textOf, textsOf } from '../format/json.ts'
import { type Model, shape } from '../format/model.ts'
import type { Resource } from '../resources.ts'

/** The server sets these whatever it is sent, or never tells them. */
const fixedEverywhere = [
  'id',
  'status',
  'reason',
  'createdTime',
  'modifiedTime',
  'created-time',
  'modified-time',
  'spec',
]
const fixedOf: Readonly<Record<string, readonly string[]>> = {
  Image: ['dockerUrl', 'language'],
  Function: ['source', 'sourceURL', 'faasId', 'activeFaasId', 'functionImageURL'],
  Driver: ['expose', 'url'],
  ServiceAccount: ['domain'],
}

/** The server puts `/ORG` before the paths of an API without hosts, also before those that it has told. */
function stripOrganization(api: JsonObject, organization: string): JsonObject {
  if (textsOf(api.hosts).length > 0) return api
  const prefix = `/${organization}/`
  const paths = textsOf(api.uris).map(uri => (uri.startsWith('/') ? uri : `/${uri}`))
  return { ...api, uris: paths.map(path => (path.startsWith(prefix) ? path.slice(prefix.length - 1) : path)) }
}

/** Objects within objects, such as `runtimeDependencies`, with their fields; not those that mean something by being there. */
function fillParts(model: Model, object: JsonObject): JsonObject {
  const parts = Object.entries(model).filter(([, { type, many, added }]) => typeof type !== 'string' && !many && !added)
  return { ...object, ...Object.fromEntries(parts.map(([name]) => [name, objectOf(object[name])])) }
}

export interface EditableOptions {
  readonly resource: Resource
  readonly organization: string
}

/** All that may be changed, also what is empty, so that it can be filled in. */
export function editableOf(object: JsonObject, { resource, organization }: EditableOptions): JsonObject {
  const { kind } = resource
  const fixed = new Set([...fixedEverywhere, ...(fixedOf[kind] ?? [])])
  const model: Model = Object.fromEntries(Object.entries(resource.model).filter(([name]) => !fixed.has(name)))
  const known = Object.fromEntries(Object.entries(object).filter(([name]) => Object.hasOwn(model, name)))
  const told = kind === 'API' ? stripOrganization(known, organization) : known
  return shape(model, fillParts(model, { ...told, kind: textOf(told.kind) || kind }), 'yaml')
}
