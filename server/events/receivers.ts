/** Which subscriptions an event is for. */
import type { Emission } from '../core/emission.ts'
import type { Collection } from '../store/port.ts'
import type { Subscription } from './schema.ts'

/** What subscriptions are compared with. */
export type MatchedEvent = Pick<Emission, 'eventType' | 'source' | 'extensions'>

export interface Receivers {
  match(event: MatchedEvent): Subscription[]
  byId: ReadonlyMap<string, Subscription>
}

const isPattern = ({ eventType }: Subscription): boolean => eventType.endsWith('*')

/** `a.b.*` is for all types that begin with `a.b.`, and `*` for every type. */
const fitsPattern = ({ eventType: pattern }: Subscription, eventType: string): boolean =>
  eventType.startsWith(pattern.slice(0, -1))

function fitsFilter({ filter }: Subscription, { source, extensions = {} }: MatchedEvent): boolean {
  if (!filter) return true
  const attributes = new Map<string, unknown>([...Object.entries(extensions), ['source', source]])
  return Object.entries(filter).every(([name, value]) => attributes.has(name) && String(attributes.get(name)) === value)
}

/** Pure; quick however many subscriptions there are to other types. */
export function planReceivers(subscriptions: readonly Subscription[]): Receivers {
  const present = subscriptions.filter(({ status }) => status !== 'DELETING')
  const patterns = present.filter(isPattern)
  const byType = Map.groupBy(
    present.filter(each => !isPattern(each)),
    ({ eventType }) => eventType,
  )
  return {
    byId: new Map(present.map(each => [each.id, each])),
    match: event => {
      const { eventType } = event
      const ofType = [...(byType.get(eventType) ?? []), ...patterns.filter(each => fitsPattern(each, eventType))]
      return ofType.filter(each => fitsFilter(each, event))
    },
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
