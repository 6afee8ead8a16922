/** The one operation that a client may use before it knows any organization or credential. */
import { Type } from '@sinclair/typebox'
import type { Principal } from '../core/access.ts'
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

/** To whom nobody knows each field says so: which faults a server has is told by its version. */
const hidden = Object.fromEntries(Object.keys(shownVersion.properties).map(name => [name, 'hidden']))

/** What a server tells of itself to somebody. */
export type TellVersion = (principal: Principal) => object

/** `toStrangers`: whether it is for everybody. */
export const createTellVersion =
  (version: object, toStrangers: boolean): TellVersion =>
  ({ kind }) =>
    toStrangers || kind !== 'anyone' ? version : hidden

export const createVersionOperation = (tellVersion: TellVersion): Operation => ({
  id: 'getVersion',
  group: 'server',
  method: 'GET',
  path: '/v1/version',
  summary: 'Get the version of the server',
  answers: { 200: { description: 'The version', schema: shownVersion } },
  description:
    'To whom the server does not know, each field is the text `hidden`, where the server asks for credentials.',
  access: 'public',
  recognizes: true,
  anyOrganization: true,
  handle: async ({ principal }) => jsonReply(200, tellVersion(principal)),
})
