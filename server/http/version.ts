/** The one operation that a client may use before it knows any organization or credential. */
import { jsonReply, type Operation } from './operation.ts'

export const createVersionOperation = (version: object): Operation => ({
  id: 'getVersion',
  method: 'GET',
  path: '/v1/version',
  summary: 'Get the version of the server',
  authenticated: false,
  handle: async () => jsonReply(200, version),
})
