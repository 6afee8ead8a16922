/** The part of the store's port that holds events and their deliveries. */

/** `id` is a UUID of version 7 and grows with each event, so that ids are the order. */
export interface EventRecord {
  id: string
  org: string
  type: string
  emittedNs: bigint
  /** The event as it was echoed. */
  body: string
}

/** A subscription that an event matched. */
export interface Receiver {
  subscriptionId: string
  /** Its name. */
  subscription: string
}

export interface NewEvent extends EventRecord {
  receivers: readonly Receiver[]
}

/** Waiting: it is tried, now or later. Delivered: a run has succeeded. Dead: it is not tried any more. */
export type DeliveryState = 'waiting' | 'delivered' | 'dead'

/** What became of the last try. */
export interface DeliveryProgress {
  state: DeliveryState
  /** Runs so far. */
  tries: number
  /** Unix milliseconds; when it is tried next, if it waits. */
  dueMs: number
  reason: string | null
  /** Name of the last run. */
  run: string | null
}

export interface Delivery extends Receiver, DeliveryProgress {
  eventId: string
}

export type WaitingDelivery = Pick<Delivery, 'eventId' | 'tries' | 'dueMs'>

export interface DeliveryCount {
  eventId: string
  state: DeliveryState
  count: number
}

/** Deliveries that are not delivered. */
export type Backlog = Record<'waiting' | 'dead', number>

export interface EventQuery {
  org: string
  type?: string | undefined
  /** Keeps those with a dead delivery. */
  dead?: boolean
  /** Id of an event: keeps what is older. */
  before?: string | undefined
  limit: number
}

/** What who emits has to remember with it, such as how far it has come. */
export interface Mark {
  key: string
  value: string
}

/** What retention asks of an event. */
export interface EventAge {
  id: string
  emittedNs: bigint
  /** A delivery of it waits. */
  waits: boolean
}

export interface EventStore {
  /** Stores all of them, with a waiting delivery for each receiver and the mark, or none; resolves when they are on disk. */
  put(events: readonly NewEvent[], mark?: Mark): Promise<void>
  /** The value that was last put under the key. */
  mark(key: string): Promise<string | undefined>
  removeMark(key: string): Promise<void>
  get(org: string, id: string): Promise<EventRecord | undefined>
  /** Newest first. */
  list(query: EventQuery): Promise<EventRecord[]>
  /** What came after the event of that id, oldest first. */
  listAfter(query: Pick<EventQuery, 'org' | 'type' | 'limit'>, id: string): Promise<EventRecord[]>
  /** Id of the last event of the organization. */
  lastId(org: string): Promise<string | undefined>
  /** By name of the subscription. */
  deliveries(eventId: string): Promise<Delivery[]>
  counts(eventIds: readonly string[]): Promise<DeliveryCount[]>
  /** Of every organization. */
  totals(): Promise<Backlog>
  /** Of one subscription. */
  backlog(subscriptionId: string): Promise<Backlog>
  /** At most `limit` that wait for the subscription, those that are due first; among those due at once in order of events. */
  waiting(subscriptionId: string, limit: number): Promise<WaitingDelivery[]>
  /** False when it is delivered already, or is gone. */
  settle(key: { eventId: string; subscriptionId: string }, progress: DeliveryProgress): Promise<boolean>
  /** What is dead or waits is due now, and is tried as often as a new one; returns how many deliveries. */
  retry(org: string, eventId: string, dueMs: number): Promise<number>
  /**
   * Of what waits for the subscription all but the `keep` that are due last is dead from then on, at most `limit` of it at
   * once; returns how many deliveries.
   */
  giveUp(subscriptionId: string, excess: { keep: number; limit: number; reason: string }): Promise<number>
  /** Removes at most `limit` deliveries to the subscription but those that are delivered; returns how many. */
  forgetSubscription(subscriptionId: string, limit: number): Promise<number>
  /** The first subscription behind `after`, in order of ids, with a delivery that is not delivered. */
  nextSubscription(after?: string): Promise<string | undefined>
  /** The first organization with events behind `after`. */
  nextOrg(after?: string): Promise<string | undefined>
  /** At most `limit` events behind `after`, oldest first. */
  ages(org: string, page: { after: string; limit: number }): Promise<EventAge[]>
  /** Id of the organization's newest event but `skip`. */
  idBehind(org: string, skip: number): Promise<string | undefined>
  /** Removes events with their deliveries, but those with a delivery that waits; returns how many events. */
  remove(ids: readonly string[]): Promise<number>
}
