/** The five operations that every kind of resource has, made from what is particular to the kind. */
import { type TObject, type TSchema, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import type { ErrorName } from '../core/errors.ts'
import { createVerbs, type KindContext, type KindRules, type NamedBody, type Place } from '../core/verbs.ts'
import { createFilter, type Fields, tagCondition } from './filter.ts'
import { jsonReply, type Operation, type OperationRequest, operation } from './operation.ts'
import { pathOf, text } from './shapes.ts'

type Verb = 'create' | 'list' | 'get' | 'replace' | 'remove'

export interface Resource<T extends Entity, Body extends NamedBody> extends KindRules<T, Body> {
  /** Of the collection. */
  path: string
  /** Stands for the name in the path of one. */
  parameter: string
  /** Of the path of one, where names may be other than those of most kinds. */
  pathSchema?: TObject
  /** True where they belong to no organization: `draft` says where they are stored. */
  anyOrganization?: boolean
  operationIds: Record<Verb, string>
  /** For documents; `one` with its article. */
  words: { one: string; many: string }
  /** Its example is what documents show. */
  bodySchema: TSchema & { static: Body }
  /** What `render` makes. */
  shownSchema: TSchema
  /** Beside those that every kind has. */
  errors?: Partial<Record<Verb, ErrorName[]>>
  /** What is particular to an operation, in a sentence. */
  notes?: Partial<Record<Verb, string>>
  /** Where clients expect others than 201 for what was created and 200; with 204 there is no body. */
  statusCodes?: Partial<Record<Verb, number>>
  /** What lists can be narrowed to, beside tags. */
  filters?: Fields<T>
  render(entity: T): object
  /** Instead of `render`, where not everybody sees the same. */
  rendererFor?(request: Pick<OperationRequest, 'principal' | 'org'>): Promise<(entity: T) => object>
  /** When the answer to a removal looks different. */
  renderRemoved?(entity: T): object
}

const commonErrors = {
  create: ['ALREADY_EXISTS', 'INTERNAL', 'DISK_FULL'],
  list: ['INTERNAL'],
  get: ['NOT_FOUND', 'INTERNAL'],
  replace: ['NAME_DIFFERS', 'NOT_FOUND', 'WRITE_CONFLICT', 'INTERNAL', 'DISK_FULL'],
  remove: ['NOT_FOUND', 'WRITE_CONFLICT', 'INTERNAL', 'DISK_FULL'],
} as const satisfies Record<Verb, ErrorName[]>

/** What scripts list they also delete and create again: that is what was made. */
const withBuiltIn = Type.Object({ builtIn: text('true: with those that are built in') })

const defaultCodes = { create: 201, list: 200, get: 200, replace: 200, remove: 200 }

/** What documents say of the operation. */
function describe<T extends Entity, Body extends NamedBody>(resource: Resource<T, Body>, verb: Verb) {
  const { operationIds, words, shownSchema, notes } = resource
  const titles = { create: 'Add', list: 'List', get: 'Get', replace: 'Replace', remove: 'Delete' }
  const status = resource.statusCodes?.[verb] ?? defaultCodes[verb]
  const shownOne = { description: `The ${words.one.replace(/^an? /, '')}`, schema: shownSchema }
  const shownMany = { description: `The ${words.many}, by name`, schema: Type.Array(shownSchema) }
  const answer = status === 204 ? { description: 'Deleted' } : verb === 'list' ? shownMany : shownOne
  return {
    id: operationIds[verb],
    group: words.many,
    summary: `${titles[verb]} ${verb === 'list' ? words.many : words.one}`,
    ...(notes?.[verb] && { description: notes[verb] }),
    answers: { [status]: answer },
    errors: [...(resource.errors?.[verb] ?? []), ...commonErrors[verb]],
    ...(resource.anyOrganization && { anyOrganization: true }),
  }
}

export function createResourceOperations<T extends Entity, Body extends NamedBody>(
  resource: Resource<T, Body>,
  context: KindContext,
): Operation[] {
  const {
    path,
    parameter,
    words,
    bodySchema,
    render,
    renderRemoved = render,
    rendererFor = async () => render,
  } = resource
  const verbs = createVerbs(resource, context)
  const filter = createFilter(resource.filters ?? {}, (entity: T) => entity.tags)
  const pathSchema = resource.pathSchema ?? pathOf(parameter, `Name of ${words.one}`, bodySchema.examples?.[0]?.name)
  const one = { path: `${path}/{${parameter}}`, pathSchema, querySchema: Type.Object({ tags: tagCondition }) }
  const placeOf = ({ org, path: inPath, tags }: Pick<OperationRequest, 'org' | 'path' | 'tags'>): Place => ({
    org,
    name: inPath[parameter] ?? '',
    tags,
  })
  const shownTo = async (request: Pick<OperationRequest, 'principal' | 'org'>, status: number, entity: T) =>
    jsonReply(status, (await rendererFor(request))(entity))
  const statuses = { ...defaultCodes, ...resource.statusCodes }
  return [
    operation({
      ...describe(resource, 'create'),
      method: 'POST',
      path,
      bodySchema,
      handle: async request => shownTo(request, statuses.create, await verbs.create(request.org, request.body)),
    }),
    operation({
      ...describe(resource, 'list'),
      method: 'GET',
      path,
      querySchema: resource.builtIn ? Type.Composite([filter.schema, withBuiltIn]) : filter.schema,
      handle: async request => {
        const all = await verbs.list(request.org, request.query.builtIn === 'true')
        const asked = all.filter(filter.asked(request) ?? (() => true))
        return jsonReply(statuses.list, asked.map(await rendererFor(request)))
      },
    }),
    operation({
      ...describe(resource, 'get'),
      method: 'GET',
      ...one,
      handle: async request => shownTo(request, statuses.get, await verbs.get(placeOf(request))),
    }),
    operation({
      ...describe(resource, 'replace'),
      method: 'PUT',
      ...one,
      bodySchema,
      handle: async request => shownTo(request, statuses.replace, await verbs.replace(placeOf(request), request.body)),
    }),
    operation({
      ...describe(resource, 'remove'),
      method: 'DELETE',
      ...one,
      handle: async request => {
        const removed = await verbs.remove(placeOf(request))
        return statuses.remove === 204 ? { status: 204 } : jsonReply(statuses.remove, renderRemoved(removed))
      },
    }),
  ]
}
