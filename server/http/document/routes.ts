/** The operations that serve the API's own description, for programs. */
import { Type } from '@sinclair/typebox'
import { jsonReply, type Operation } from '../operation.ts'
import type { Description } from './describe.ts'
import { renderOpenApi } from './openapi.ts'
import { renderSwagger } from './swagger.ts'

const documents = [
  {
    id: 'getOpenAPI',
    path: '/v1/openapi.json',
    summary: 'Get this API as an OpenAPI 3.1 document',
    render: renderOpenApi,
  },
  {
    id: 'getSwagger',
    path: '/v1/swagger.json',
    summary: 'Get this API as a Swagger 2.0 document',
    render: renderSwagger,
  },
]

/** `list` gives all operations, these too. A document is made when it is first asked for. */
export function createDocumentOperations(list: () => Description[], version: string): Operation[] {
  return documents.map(({ render, ...named }) => {
    let document: object | undefined
    return {
      ...named,
      group: 'server',
      method: 'GET',
      answers: { 200: { description: 'The document', schema: Type.Object({}) } },
      access: 'public',
      handle: async () => {
        document ??= render(list(), version)
        return jsonReply(200, document)
      },
    }
  })
}
