/** Events on disk: reads on the connection of the main thread, writes through the writing thread. */
import type { EventStore } from './event-port.ts'
import { failureOf, translated } from './sqlite-errors.ts'
import type { EventReader } from './sqlite-event-reader.ts'
import type { Writer } from './sqlite-writer.ts'
import { byText, type EventWrite } from './write.ts'

interface Connections {
  file: string
  reader: { events: EventReader }
  writer: Writer
}

export function createEvents({ file, reader, writer }: Connections): EventStore {
  const { events } = reader
  const read = async <T>(work: () => T): Promise<T> => translated(file, work)
  const write = async (eventWrite: EventWrite, subject: string): Promise<number> => {
    const result = await writer.write(eventWrite)
    if (result.end === 'written') return result.rows
    throw failureOf(result.end === 'failed' ? result : { message: result.why }, 'event', subject)
  }
  return {
    put: async (added, mark) => {
      if (added.length === 0 && !mark) return
      await write({ type: 'putEvents', events: added, mark }, added[0]?.id ?? mark?.key ?? '')
    },
    mark: key => read(() => events.mark(key)),
    removeMark: async key => {
      await write({ type: 'removeMark', key }, key)
    },
    get: (org, id) => read(() => events.get(org, id)),
    list: query => read(() => events.list(query)),
    listAfter: (query, id) => read(() => events.listAfter(query, id)),
    lastId: org => read(() => events.idBehind(org, 0)),
    deliveries: eventId => read(() => events.deliveries(eventId).sort(byText(({ subscription }) => subscription))),
    counts: eventIds => read(() => events.counts(eventIds)),
    totals: () => read(() => events.totals()),
    backlog: subscriptionId => read(() => events.backlog(subscriptionId)),
    waiting: (subscriptionId, limit) => read(() => events.waiting(subscriptionId, limit)),
    settle: async (key, progress) => (await write({ type: 'settleDelivery', ...key, progress }, key.eventId)) > 0,
    retry: (org, eventId, dueMs) => write({ type: 'retryEvent', org, eventId, dueMs }, eventId),
    giveUp: (subscriptionId, excess) =>
      write({ type: 'giveUpDeliveries', subscriptionId, ...excess }, 'that has waited behind too many'),
    forgetSubscription: (subscriptionId, limit) =>
      write({ type: 'forgetSubscription', subscriptionId, limit }, 'of a deleted subscription'),
    nextSubscription: (after = '') => read(() => events.nextSubscription(after)),
    nextOrg: (after = '') => read(() => events.nextOrg(after)),
    ages: (org, page) => read(() => events.ages(org, page)),
    idBehind: (org, skip) => read(() => events.idBehind(org, skip)),
    remove: ids => write({ type: 'removeEvents', ids }, ids[0] ?? ''),
  }
}
