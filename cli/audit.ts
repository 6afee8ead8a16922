/** Owns how lines of the audit log look, and what the server is asked for them. */
import type { ApiRequest } from './client.ts'
import { renderMilliseconds, type Zone } from './format/dates.ts'
import { integerOf, type Json, type JsonObject, objectOf, textOf } from './format/json.ts'
import type { Table } from './format/table.ts'

export interface AuditWish {
  readonly allOrganizations: boolean
  readonly since: Date | undefined
  readonly limit: bigint
  /** '' for any, as the others. */
  readonly before: string
  readonly user: string
  readonly status: string
  readonly name: string
  readonly operation: string
  readonly resource: string
}

/** The server checks the values. */
export function planAudit({ allOrganizations, since, limit, ...wish }: AuditWish): ApiRequest {
  const { before, user, status, name, operation, resource } = wish
  const given = Object.entries({ before, user, status, name, operation, resource }).filter(([, value]) => value !== '')
  return {
    method: 'GET',
    path: ['v1', 'audit', ...(allOrganizations ? ['all'] : [])],
    query: {
      ...Object.fromEntries(given),
      ...(since && { since: String(Math.floor(since.getTime() / 1000)) }),
      ...(limit !== 0n && { limit: String(limit) }),
    },
  }
}

/** Who nobody can name is told by what he is. */
const userOf = ({ kind, user }: JsonObject): string => textOf(user) || textOf(kind)

type Cell = (line: JsonObject, zone: Zone) => string

const cells: Readonly<Record<string, Cell>> = {
  NUMBER: ({ number }) => String(integerOf(number)),
  TIME: ({ time }, zone) => renderMilliseconds(new Date(textOf(time)), zone),
  USER: userOf,
  FROM: ({ peer }) => textOf(peer),
  OPERATION: ({ operation }) => textOf(operation),
  ORGANIZATION: ({ org }) => textOf(org),
  NAME: ({ name }) => textOf(name),
  RESULT: ({ status }) => String(integerOf(status)),
  COUNT: ({ count }) => String(integerOf(count)),
}

export const planAuditTable = (lines: readonly Json[], zone: Zone): Table => ({
  titles: Object.keys(cells),
  rows: lines.map(line => Object.values(cells).map(cell => cell(objectOf(line), zone))),
})
