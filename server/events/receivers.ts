/** Which subscriptions an event is for. */
import type { Collection } from '../store/port.ts'
import type { Subscription } from './schema.ts'

export interface Receivers {
  match(event: MatchedEvent): Subscription[]
  byId: ReadonlyMap<string, Subscription>
}

/** What subscriptions are compared with. */
export interface MatchedEvent {
  eventType: string
}

/** Pure; quick however many subscriptions there are to other types. */
export function planReceivers(subscriptions: readonly Subscription[]): Receivers {
  const present = subscriptions.filter(({ status }) => status !== 'DELETING')
  const byType = Map.groupBy(present, ({ eventType }) => eventType)
  return {
    byId: new Map(present.map(each => [each.id, each])),
    match: ({ eventType }) => byType.get(eventType) ?? [],
  }
}

export interface ReceiverIndex {
  of(org: string): Promise<Receivers>
  /** To be called with each change of one of its subscriptions. */
  forget(org: string): void
}

/** Holds the subscriptions of each organization until one of them changes. */
export function createReceiverIndex(subscriptions: Pick<Collection<Subscription>, 'list'>): ReceiverIndex {
  const known = new Map<string, Promise<Receivers>>()
  return {
    of: org => {
      const found = known.get(org)
      if (found) return found
      const read = subscriptions.list(org).then(planReceivers)
      known.set(org, read)
      // A failure to read is not kept.
      read.catch(() => known.delete(org))
      return read
    },
    forget: org => void known.delete(org),
  }
}
