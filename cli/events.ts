/** Owns how stored events look: their table, and what became of each delivery of one. */
import type { ApiRequest } from './client.ts'
import type { Column } from './columns.ts'
import type { FlagTable, FlagValues } from './flag.ts'
import { renderNanoseconds, type Zone } from './format/dates.ts'
import { integerOf, type Json, type JsonObject, objectOf, textOf, textsOf } from './format/json.ts'
import type { Table } from './format/table.ts'

export const eventPath = ['v1', 'event', 'emissions'] as const

/** Which events are meant. */
export const pickFlags = {
  type: { kind: 'text', value: 'TYPE', summary: 'only events of this type' },
  dead: { kind: 'toggle', summary: 'only events with a delivery that was given up' },
} as const satisfies FlagTable

interface Page {
  readonly limit: bigint
  /** Id of an event; '' for the newest. */
  readonly before: string
}

export const planOne = (id: string): ApiRequest => ({ method: 'GET', path: [...eventPath, id] })

export const planList = (
  { type, dead }: FlagValues<typeof pickFlags>,
  { limit, before }: Page,
): ApiRequest & { query: Record<string, string> } => ({
  method: 'GET',
  path: eventPath,
  query: {
    ...(type !== '' && { type }),
    ...(dead && { dead: 'true' }),
    ...(before !== '' && { before }),
    ...(limit !== 0n && { limit: String(limit) }),
  },
})

type Cell = (event: JsonObject, zone: Zone) => string
const ofEvent =
  (key: string): Cell =>
  ({ event }) =>
    textOf(objectOf(event)[key])
const countOf =
  (state: string): Cell =>
  ({ counts }) =>
    String(integerOf(objectOf(counts)[state]))

const cells: Readonly<Record<Column['title'], Cell>> = {
  ID: ({ id }) => textOf(id),
  'EVENT TYPE': ofEvent('eventType'),
  SOURCE: ofEvent('source'),
  EMITTED: ({ emittedTime }, zone) => renderNanoseconds(integerOf(emittedTime), zone),
  WAITING: countOf('waiting'),
  DELIVERED: countOf('delivered'),
  DEAD: countOf('dead'),
}

export const planEventTable = (events: readonly Json[], zone: Zone): Table => ({
  titles: Object.keys(cells),
  rows: events.map(event => Object.values(cells).map(cell => cell(objectOf(event), zone))),
})

/** `dead, 5 tries, run 0f53..., FunctionError: ...` */
export function renderDelivery(delivery: JsonObject, zone: Zone): string {
  const { state, tries, nextTryTime, run, reason } = delivery
  const count = integerOf(tries)
  const told = [
    textOf(state),
    `${count} ${count === 1n ? 'try' : 'tries'}`,
    nextTryTime ? `next ${renderNanoseconds(integerOf(nextTryTime), zone)}` : '',
    run ? `run ${textOf(run)}` : '',
    ...textsOf(reason),
  ]
  return told.filter(Boolean).join(', ')
}
