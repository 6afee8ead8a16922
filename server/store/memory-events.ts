/** Events in memory. */
import type { Backlog, Delivery, EventQuery, EventRecord, EventStore, NewEvent } from './event-port.ts'
import { maxListedBytes } from './port.ts'
import { byText, compareBytes } from './write.ts'

const countOpen = (deliveries: readonly Delivery[]): Backlog => ({
  waiting: deliveries.filter(({ state }) => state === 'waiting').length,
  dead: deliveries.filter(({ state }) => state === 'dead').length,
})

export function createMemoryEvents(): EventStore {
  const events = new Map<string, EventRecord>()
  const deliveries = new Map<string, Delivery[]>()
  const marks = new Map<string, string>()
  const all = (): Delivery[] => [...deliveries.values()].flat()
  const of = (eventId: string): Delivery[] => deliveries.get(eventId) ?? []
  const has = (eventId: string, state: Delivery['state']): boolean => of(eventId).some(each => each.state === state)
  const select = ({ org, type, dead = false }: Omit<EventQuery, 'limit'>): EventRecord[] =>
    [...events.values()]
      .filter(event => event.org === org && (type === undefined || event.type === type))
      .filter(event => !dead || has(event.id, 'dead'))
      .sort(byText(({ id }) => id))
  const put = ({ receivers, ...event }: NewEvent): void => {
    const { id, emittedNs } = event
    const fresh = {
      state: 'waiting' as const,
      tries: 0,
      dueMs: Number(emittedNs / 1_000_000n),
      reason: null,
      run: null,
    }
    events.set(id, event)
    deliveries.set(
      id,
      receivers.map(({ subscriptionId, subscription }) => ({ eventId: id, subscriptionId, subscription, ...fresh })),
    )
  }
  const waitingFor = (subscriptionId: string): Delivery[] =>
    openOf(subscriptionId)
      .filter(({ state }) => state === 'waiting')
      .sort((a, b) => a.dueMs - b.dueMs || compareBytes(a.eventId, b.eventId))
  const openOf = (subscriptionId: string): Delivery[] =>
    all().filter(each => each.subscriptionId === subscriptionId && each.state !== 'delivered')
  const remove = (id: string): boolean => {
    if (has(id, 'waiting')) return false
    deliveries.delete(id)
    return events.delete(id)
  }
  return {
    put: async (added, mark) => {
      const known = added.find(({ id }) => events.has(id))
      if (known) throw new Error(`event ${known.id} is stored already`)
      added.forEach(put)
      if (mark) marks.set(mark.key, mark.value)
    },
    mark: async key => marks.get(key),
    removeMark: async key => {
      marks.delete(key)
    },
    get: async (org, id) => (events.get(id)?.org === org ? events.get(id) : undefined),
    list: async query => {
      const older = select(query).filter(({ id }) => query.before === undefined || id < query.before)
      return cutToSize(older.reverse().slice(0, query.limit))
    },
    listAfter: async (query, after) =>
      cutToSize(
        select(query)
          .filter(({ id }) => id > after)
          .slice(0, query.limit),
      ),
    lastId: async org => select({ org }).at(-1)?.id,
    deliveries: async eventId =>
      of(eventId)
        .map(each => ({ ...each }))
        .sort(byText(({ subscription }) => subscription)),
    counts: async eventIds =>
      eventIds.flatMap(eventId => {
        const states = [...new Set(of(eventId).map(({ state }) => state))]
        return states.map(state => ({ eventId, state, count: of(eventId).filter(each => each.state === state).length }))
      }),
    totals: async () => countOpen(all()),
    backlog: async subscriptionId => countOpen(openOf(subscriptionId)),
    waiting: async (subscriptionId, limit) =>
      waitingFor(subscriptionId)
        .slice(0, limit)
        .map(({ eventId, tries, dueMs }) => ({ eventId, tries, dueMs })),
    settle: async ({ eventId, subscriptionId }, progress) => {
      const delivery = of(eventId).find(each => each.subscriptionId === subscriptionId && each.state !== 'delivered')
      if (delivery) Object.assign(delivery, progress)
      return delivery !== undefined
    },
    retry: async (org, eventId, dueMs) => {
      if (events.get(eventId)?.org !== org) return 0
      const open = of(eventId).filter(({ state }) => state !== 'delivered')
      for (const each of open) Object.assign(each, { state: 'waiting', tries: 0, dueMs })
      return open.length
    },
    giveUp: async (subscriptionId, { keep, limit, reason }) => {
      const waiting = waitingFor(subscriptionId)
      const excess = waiting.slice(0, Math.max(0, waiting.length - keep)).slice(-limit)
      for (const each of excess) Object.assign(each, { state: 'dead', reason })
      return excess.length
    },
    forgetSubscription: async (subscriptionId, limit) => {
      const gone = new Set(openOf(subscriptionId).slice(0, limit))
      for (const [eventId, of] of deliveries)
        deliveries.set(
          eventId,
          of.filter(each => !gone.has(each)),
        )
      return gone.size
    },
    nextSubscription: async (after = '') =>
      all()
        .filter(({ state, subscriptionId }) => state !== 'delivered' && subscriptionId > after)
        .sort(byText(({ subscriptionId }) => subscriptionId))[0]?.subscriptionId,
    nextOrg: async (after = '') =>
      [...events.values()]
        .map(({ org }) => org)
        .sort(compareBytes)
        .find(org => compareBytes(org, after) > 0),
    ages: async (org, { after, limit }) =>
      select({ org })
        .filter(({ id }) => id > after)
        .slice(0, limit)
        .map(({ id, emittedNs }) => ({ id, emittedNs, waits: has(id, 'waiting') })),
    idBehind: async (org, skip) => select({ org }).reverse()[skip]?.id,
    remove: async ids => ids.filter(remove).length,
  }
}

function cutToSize(events: EventRecord[]): EventRecord[] {
  let bytes = 0
  const last = events.findIndex(({ body }) => {
    bytes += body.length
    return bytes >= maxListedBytes
  })
  return last < 0 ? events : events.slice(0, last + 1)
}
