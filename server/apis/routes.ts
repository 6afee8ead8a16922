/** REST operations on APIs. */
import type { KindContext } from '../core/verbs.ts'
import type { Operation } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import { type ApiBody, type ApiEntity, apiBody, parseTerms, renderApi, shownApi } from './schema.ts'

export interface ApiRouteDependencies extends KindContext {
  apis: Collection<ApiEntity>
}

export const createApiOperations = ({ apis, ...context }: ApiRouteDependencies): Operation[] =>
  createResourceOperations<ApiEntity, ApiBody>(
    {
      kind: 'API',
      path: '/v1/api',
      parameter: 'api',
      operationIds: { create: 'addAPI', list: 'getAPIs', get: 'getAPI', replace: 'updateAPI', remove: 'deleteAPI' },
      words: { one: 'an API', many: 'APIs' },
      bodySchema: apiBody,
      shownSchema: shownApi,
      entities: apis,
      firstStatus: 'CREATING',
      statusCodes: { create: 200 },
      filters: { state: ({ status }) => status, function: ({ terms }) => terms.function },
      draft: (org, body) => ({ complete: common => ({ ...common, terms: parseTerms(org, body) }) }),
      render: renderApi,
    },
    context,
  )
