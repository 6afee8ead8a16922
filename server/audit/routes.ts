/** REST operations on the audit log. */
import { Type } from '@sinclair/typebox'
import {
  jsonReply,
  type Operation,
  type OperationReply,
  type OperationRequest,
  operation,
  renderNextLink,
} from '../http/operation.ts'
import { pageLimit, text } from '../http/shapes.ts'
import { type AuditQuery, listLines, verifyStored } from './reader.ts'
import { shownLine, shownVerdict } from './schema.ts'
import type { AuditStorage } from './storage.ts'

const collection = '/v1/audit'
const usualLimit = 100

const query = Type.Object({
  since: Type.Optional(Type.String({ format: 'int64', description: 'Keeps what came later, Unix seconds' })),
  user: text(
    'Keeps what this user did, or this account, as ORGANIZATION/ACCOUNT; of those without a name by their kind, such as unknown or local',
  ),
  status: Type.Optional(
    Type.String({
      pattern: '^[1-5](\\d\\d|xx)$',
      patternText: 'should be a status such as 403, or 4xx for all of its hundred',
      description: 'Keeps what was answered with this status, such as 403, or 4xx for all of its hundred',
    }),
  ),
  name: text('Keeps what was done to the object of this name'),
  resource: text('Keeps what was done to resources of this kind, as policies name it'),
  operation: text('Keeps requests of this operation'),
  limit: pageLimit,
  before: Type.Optional(Type.String({ format: 'int64', description: 'Number of a line: keeps what is older' })),
})

const numberOf = (asked: string | undefined): number | undefined => (asked === undefined ? undefined : Number(asked))

function planQuery(
  { since, user, status, name, resource, operation, limit, before }: OperationRequest['query'],
  org?: string,
): AuditQuery {
  const sinceSeconds = numberOf(since)
  return {
    limit: numberOf(limit) ?? usualLimit,
    before: numberOf(before),
    sinceMs: sinceSeconds === undefined ? undefined : sinceSeconds * 1000,
    ...{ user, status },
    members: { name, resource, operation, org },
  }
}

export function createAuditOperations(storage: AuditStorage): Operation[] {
  const list = async (path: string, asked: OperationRequest['query'], org?: string): Promise<OperationReply> => {
    const planned = planQuery(asked, org)
    const lines = await listLines(storage, planned)
    const isCut = lines.length === planned.limit
    const before = String(lines.at(-1)?.value.number)
    return {
      status: 200,
      json: `[${lines.map(line => line.text).join()}]`,
      ...(isCut && { headers: { link: renderNextLink(path, { ...asked, before }) } }),
    }
  }
  const read = { group: 'audit', method: 'GET', access: { resource: 'audit', action: 'get' } } as const
  const lists = {
    description: `At most ${usualLimit} unless a limit is given; when there may be more, the header Link says where the next page is. A line is never about what an object holds.`,
    answers: { 200: { description: 'The lines, exactly as they stand in the log', schema: Type.Array(shownLine) } },
    errors: ['INTERNAL'],
    querySchema: query,
  } as const
  return [
    operation({
      ...read,
      ...lists,
      id: 'getAudit',
      path: collection,
      summary: 'List what was asked for in an organization, and by whom, newest first',
      handle: ({ org, query: asked }) => list(collection, asked, org),
    }),
    operation({
      ...read,
      ...lists,
      id: 'getAuditOfAll',
      path: `${collection}/all`,
      summary: 'List what was asked for in any organization and beside them, newest first',
      anyOrganization: true,
      handle: ({ query: asked }) => list(`${collection}/all`, asked),
    }),
    operation({
      ...read,
      id: 'verifyAudit',
      path: `${collection}/verification`,
      summary: 'Check that no line of the audit log was changed or removed',
      description: 'The server reads the whole log for it.',
      answers: { 200: { description: 'What was found', schema: shownVerdict } },
      errors: ['INTERNAL'],
      anyOrganization: true,
      handle: async () => jsonReply(200, await verifyStored(storage)),
    }),
  ]
}
