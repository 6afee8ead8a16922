/** REST operations on APIs. */
import { Type } from '@sinclair/typebox'
import { amend } from '../core/amend.ts'
import { type Clock, type Ids, secondsOf } from '../core/clock.ts'
import { checkSameName, createEntity, normalizeTags } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import type { AwaitRemoval } from '../core/removal.ts'
import { hasTags } from '../core/tags.ts'
import { jsonReply, type Operation, operation } from '../http/operation.ts'
import { pathOf, tagFilter } from '../http/shapes.ts'
import type { Collection } from '../store/port.ts'
import { type ApiEntity, apiBody, parseTerms, renderApi } from './schema.ts'

export interface ApiRouteDependencies {
  apis: Collection<ApiEntity>
  awaitRemoval: AwaitRemoval
  clock: Clock
  ids: Ids
}

const collection = '/v1/api'
const item = `${collection}/{api}`
const pathSchema = pathOf('api')
const filters = Type.Object({ function: Type.Optional(Type.String()), tags: tagFilter })

const missing = (name: string) => dispatchError('NOT_FOUND', { kind: 'API', name })

function present(name: string, found: ApiEntity | undefined): ApiEntity {
  if (!found || found.status === 'DELETING') throw missing(name)
  return found
}

export function createApiOperations({ apis, awaitRemoval, clock, ids }: ApiRouteDependencies): Operation[] {
  return [
    operation({
      id: 'addAPI',
      method: 'POST',
      path: collection,
      summary: 'Add an API',
      bodySchema: apiBody,
      handle: async ({ org, body }) => {
        await awaitRemoval(apis, { kind: 'API', org, name: body.name })
        const entity = { ...createEntity(org, body, { ...clock, ...ids }), status: 'CREATING' as const }
        return jsonReply(200, renderApi(await apis.create({ ...entity, terms: parseTerms(org, body) })))
      },
    }),
    operation({
      id: 'getAPIs',
      method: 'GET',
      path: collection,
      summary: 'List APIs',
      querySchema: filters,
      handle: async ({ org, query, tags }) => {
        const found = (await apis.list(org)).filter(
          entity =>
            entity.status !== 'DELETING' &&
            (!query.function || entity.terms.function === query.function) &&
            hasTags(entity, tags),
        )
        return jsonReply(200, found.map(renderApi))
      },
    }),
    operation({
      id: 'getAPI',
      method: 'GET',
      path: item,
      summary: 'Get an API',
      pathSchema,
      handle: async ({ org, path: { api: name = '' } }) =>
        jsonReply(200, renderApi(present(name, await apis.get(org, name)))),
    }),
    operation({
      id: 'updateAPI',
      method: 'PUT',
      path: item,
      summary: 'Replace an API',
      pathSchema,
      bodySchema: apiBody,
      handle: async ({ org, path: { api: name = '' }, body }) => {
        const fields = { terms: parseTerms(org, body), tags: normalizeTags(body.tags) }
        const updated = await amend(apis, { org, name }, current => {
          const entity = present(name, current)
          checkSameName(name, body.name)
          const modifiedTimeSeconds = secondsOf(clock.nowNs())
          return { ...entity, ...fields, status: 'UPDATING', reason: null, modifiedTimeSeconds }
        })
        return jsonReply(200, renderApi(updated))
      },
    }),
    operation({
      id: 'deleteAPI',
      method: 'DELETE',
      path: item,
      summary: 'Delete an API',
      pathSchema,
      handle: async ({ org, path: { api: name = '' } }) => {
        const deleting = await amend(apis, { org, name }, current => {
          if (!current) throw missing(name)
          if (current.status === 'DELETING') return current
          return { ...current, status: 'DELETING', modifiedTimeSeconds: secondsOf(clock.nowNs()) }
        })
        return jsonReply(200, renderApi(deleting))
      },
    }),
  ]
}
