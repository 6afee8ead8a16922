/** Reads of events and deliveries. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type {
  Backlog,
  Delivery,
  DeliveryCount,
  DeliveryState,
  EventAge,
  EventQuery,
  EventRecord,
  WaitingDelivery,
} from './event-port.ts'
import { maxListedBytes } from './port.ts'
import { parseCount, parseInt64, parseOptionalText, parseText, type Row } from './sqlite-columns.ts'
import { eventQueries, planEventList, totalsQuery } from './sqlite-event-queries.ts'

export type EventReader = ReturnType<typeof createEventReader>

export function createEventReader(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => {
    const statement = database.prepare(sql)
    statement.setReadBigInts(true)
    return statement
  }
  const prepareNamed = <Name extends string>(queries: Record<Name, string>, names: readonly Name[]) =>
    Object.fromEntries(names.map(name => [name, prepare(queries[name])])) as Record<Name, StatementSync>
  const read = prepareNamed(eventQueries, [
    'get',
    'after',
    'ofTypeAfter',
    'idBehind',
    'deliveries',
    'counts',
    'backlog',
    'waiting',
    'nextSubscription',
    'nextOrg',
    'ages',
    'mark',
  ])
  const totals = prepare(totalsQuery)
  /** One statement for each combination of conditions, made when first asked for. */
  const lists = new Map<string, StatementSync>()
  const prepareList = (sql: string): StatementSync => {
    const statement = lists.get(sql) ?? prepare(sql)
    lists.set(sql, statement)
    return statement
  }
  const textOf = (row: Row | undefined, column: string): string | undefined => row && parseText(row, column)
  return {
    get: (org: string, id: string): EventRecord | undefined => {
      const row = read.get.get(id, org)
      return row && parseEvent(row)
    },
    list: (query: EventQuery): EventRecord[] => {
      const { sql, values } = planEventList(query)
      return takeUpToMaximum(prepareList(sql).iterate(...values))
    },
    listAfter: ({ org, type, limit }: Pick<EventQuery, 'org' | 'type' | 'limit'>, id: string): EventRecord[] =>
      takeUpToMaximum(
        type === undefined ? read.after.iterate(org, id, limit) : read.ofTypeAfter.iterate(org, type, id, limit),
      ),
    deliveries: (eventId: string): Delivery[] => read.deliveries.all(eventId).map(parseDelivery),
    counts: (eventIds: readonly string[]): DeliveryCount[] =>
      read.counts
        .all(JSON.stringify(eventIds))
        .map(row => ({ eventId: parseText(row, 'event_id'), state: parseState(row), count: parseCount(row, 'count') })),
    totals: (): Backlog => parseBacklog(totals.all()),
    backlog: (subscriptionId: string): Backlog => parseBacklog(read.backlog.all(subscriptionId)),
    waiting: (subscriptionId: string, limit: number): WaitingDelivery[] =>
      read.waiting.all(subscriptionId, limit).map(parseWaiting),
    nextSubscription: (after: string) => textOf(read.nextSubscription.get(after), 'subscription_id'),
    nextOrg: (after: string) => textOf(read.nextOrg.get(after), 'org'),
    ages: (org: string, { after, limit }: { after: string; limit: number }): EventAge[] =>
      read.ages.all(org, after, limit).map(row => ({
        id: parseText(row, 'id'),
        emittedNs: parseInt64(row, 'emitted_ns'),
        waits: parseInt64(row, 'waits') === 1n,
      })),
    mark: (key: string) => textOf(read.mark.get(key), 'value'),
    idBehind: (org: string, skip: number) => textOf(read.idBehind.get(org, skip), 'id'),
  }
}

/** Bodies may be large, and whoever reads holds up the main thread. */
function takeUpToMaximum(rows: Iterable<Row>): EventRecord[] {
  const events: EventRecord[] = []
  let bytes = 0
  for (const row of rows) {
    const event = parseEvent(row)
    events.push(event)
    bytes += event.body.length
    if (bytes >= maxListedBytes) break
  }
  return events
}

const parseEvent = (row: Row): EventRecord => ({
  id: parseText(row, 'id'),
  org: parseText(row, 'org'),
  type: parseText(row, 'type'),
  emittedNs: parseInt64(row, 'emitted_ns'),
  body: parseText(row, 'body'),
})

function parseBacklog(rows: Row[]): Backlog {
  const counted = new Map(rows.map(row => [parseState(row), parseCount(row, 'count')]))
  return { waiting: counted.get('waiting') ?? 0, dead: counted.get('dead') ?? 0 }
}

const parseWaiting = (row: Row): WaitingDelivery => ({
  eventId: parseText(row, 'event_id'),
  tries: parseCount(row, 'tries'),
  dueMs: parseCount(row, 'due_ms'),
})

const parseDelivery = (row: Row): Delivery => ({
  ...parseWaiting(row),
  subscriptionId: parseText(row, 'subscription_id'),
  subscription: parseText(row, 'subscription'),
  state: parseState(row),
  reason: parseOptionalText(row, 'reason'),
  run: parseOptionalText(row, 'run'),
})

function parseState(row: Row): DeliveryState {
  const text = parseText(row, 'state')
  if (text === 'waiting' || text === 'delivered' || text === 'dead') return text
  throw new Error(`column state holds ${text}`)
}
