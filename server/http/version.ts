/** The one operation that a client may use before it knows any organization or credential. */
import { Type } from '@sinclair/typebox'
import { jsonReply, type Operation } from './operation.ts'

export const shownVersion = Type.Object(
  {
    version: Type.String({ description: 'Of the server' }),
    commit: Type.String({ description: 'That it was built from' }),
    buildDate: Type.String({ description: 'When that was made' }),
    goVersion: Type.String({ description: "Node's version: the name is that of the original" }),
    compiler: Type.String({ description: 'The JavaScript engine' }),
    platform: Type.String({ description: 'System and processor' }),
  },
  { title: 'Version', description: 'What this server is' },
)

export const createVersionOperation = (version: object): Operation => ({
  id: 'getVersion',
  group: 'server',
  method: 'GET',
  path: '/v1/version',
  summary: 'Get the version of the server',
  answers: { 200: { description: 'The version', schema: shownVersion } },
  access: 'public',
  handle: async () => jsonReply(200, version),
})
