/** The five operations that every kind of resource has, made from what is particular to the kind. */
import type { TSchema } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import { createVerbs, type KindContext, type KindRules, type NamedBody } from '../core/verbs.ts'
import { createFilter, type Fields } from './filter.ts'
import { jsonReply, type Operation, operation } from './operation.ts'
import { pathOf } from './shapes.ts'

type Verb = 'create' | 'list' | 'get' | 'replace' | 'remove'

export interface Resource<T extends Entity, Body extends NamedBody> extends KindRules<T, Body> {
  /** Of the collection. */
  path: string
  /** Stands for the name in the path of one. */
  parameter: string
  operationIds: Record<Verb, string>
  /** For summaries. */
  words: { one: string; many: string }
  bodySchema: TSchema & { static: Body }
  /** Where clients expect others than 201 for what was created and 200; with 204 there is no body. */
  statusCodes?: Partial<Record<Verb, number>>
  /** What lists can be narrowed to, beside tags. */
  filters?: Fields<T>
  render(entity: T): object
  /** When the answer to a removal looks different. */
  renderRemoved?(entity: T): object
}

export function createResourceOperations<T extends Entity, Body extends NamedBody>(
  resource: Resource<T, Body>,
  context: KindContext,
): Operation[] {
  const { path, parameter, operationIds, words, bodySchema, render, renderRemoved = render } = resource
  const verbs = createVerbs(resource, context)
  const filter = createFilter(resource.filters ?? {}, (entity: T) => entity.tags)
  const one = { path: `${path}/{${parameter}}`, pathSchema: pathOf(parameter) }
  const nameIn = (parameters: Record<string, string>): string => parameters[parameter] ?? ''
  const statuses = { create: 201, list: 200, get: 200, replace: 200, remove: 200, ...resource.statusCodes }
  return [
    operation({
      id: operationIds.create,
      method: 'POST',
      path,
      summary: `Add ${words.one}`,
      bodySchema,
      handle: async ({ org, body }) => jsonReply(statuses.create, render(await verbs.create(org, body))),
    }),
    operation({
      id: operationIds.list,
      method: 'GET',
      path,
      summary: `List ${words.many}`,
      querySchema: filter.schema,
      handle: async ({ org, ...asked }) =>
        jsonReply(statuses.list, (await verbs.list(org)).filter(filter.keeps(asked)).map(render)),
    }),
    operation({
      id: operationIds.get,
      method: 'GET',
      ...one,
      summary: `Get ${words.one}`,
      handle: async ({ org, path: place }) => jsonReply(statuses.get, render(await verbs.get(org, nameIn(place)))),
    }),
    operation({
      id: operationIds.replace,
      method: 'PUT',
      ...one,
      summary: `Replace ${words.one}`,
      bodySchema,
      handle: async ({ org, path: place, body }) =>
        jsonReply(statuses.replace, render(await verbs.replace(org, nameIn(place), body))),
    }),
    operation({
      id: operationIds.remove,
      method: 'DELETE',
      ...one,
      summary: `Delete ${words.one}`,
      handle: async ({ org, path: place }) => {
        const removed = await verbs.remove(org, nameIn(place))
        return statuses.remove === 204 ? { status: 204 } : jsonReply(statuses.remove, renderRemoved(removed))
      },
    }),
  ]
}
