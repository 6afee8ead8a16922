/** The operation that tells whether the server can do its work: to anybody, under every path that begins like its own. */
import { Type } from '@sinclair/typebox'
import { jsonReply, type Operation } from './operation.ts'
import { shownVersion } from './version.ts'

export interface Health {
  healthy: boolean
  /** The version object is part of every answer. */
  body: object
}

const schema = Type.Object(
  {
    version: shownVersion,
    docker: Type.Optional(Type.String({ description: 'Why Docker does not answer; left out when it does' })),
    store: Type.Optional(Type.String({ description: 'Why the store cannot be read; left out when it can' })),
  },
  { title: 'Health' },
)

export const createHealthOperation = (health: () => Promise<Health>): Operation => ({
  id: 'getHealth',
  group: 'server',
  method: 'GET',
  path: '/healthz',
  summary: 'Get whether the server can do its work',
  answers: {
    200: { description: 'It can', schema },
    503: { description: 'It cannot, for Docker does not answer, or the store cannot be read', schema },
  },
  access: 'public',
  anyRequest: true,
  handle: async () => {
    const { healthy, body } = await health()
    return jsonReply(healthy ? 200 : 503, body)
  },
})
