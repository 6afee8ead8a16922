/** The event bus: what is emitted is on disk before the answer, and reaches each subscription at least once. */
import { setImmediate as immediate } from 'node:timers/promises'
import { type Clock, type Ids, msOf } from '../core/clock.ts'
import type { Emission } from '../core/emission.ts'
import { messageOf } from '../core/errors.ts'
import type { Invoker, Log } from '../core/ports.ts'
import type { EventStore, Mark, NewEvent } from '../store/event-port.ts'
import type { Change, Collection } from '../store/port.ts'
import { createDeliver } from './deliver.ts'
import { createFollowers, type Followers } from './followers.ts'
import { type Attempt, createLane, type Lane } from './lane.ts'
import { createReceiverIndex } from './receivers.ts'
import type { Subscription } from './schema.ts'
import { createEventSweeper, type EventSweeperDependencies } from './sweeper.ts'
import { createEventTally, type EventTally } from './tally.ts'

export interface EmittedEvent {
  emission: Emission
  /** What is stored: the event in CloudEvents 0.1. */
  text: string
}

export interface BusDependencies extends Omit<EventSweeperDependencies, 'resync'> {
  events: EventStore
  subscriptions: Pick<Collection<Subscription>, 'list'>
  invoker: Pick<Invoker, 'call'>
  clock: Clock
  ids: Ids
  log: Log
}

export interface BusStats extends ReturnType<EventTally['read']> {
  /** Deliveries on disk. */
  waiting: number
  dead: number
  underWay: number
  /** Subscriptions to which nothing is delivered at the moment, though something waits. */
  held: number
  followers: number
}

export interface Bus {
  /** Resolves when all of them are on disk, with the mark of who emits them. DispatchError DISK_FULL. */
  emit(org: string, events: readonly EmittedEvent[], mark?: Mark): Promise<void>
  /** To be called with each change of a subscription or a function. */
  follow(change: Change): void
  /** Takes up what waits on disk. To be called before events come in. */
  start(): Promise<void>
  /** Has what is dead or waits of the event tried at once; false when there is nothing. */
  retry(org: string, eventId: string): Promise<boolean>
  /** Why nothing is delivered to the subscription at the moment. */
  heldFor(subscriptionId: string): string | undefined
  followEvents: Followers['follow']
  /** Removes what waits for the subscription, which is deleted. */
  forget(subscription: Pick<Subscription, 'id'>): Promise<void>
  stats(): Promise<BusStats>
  /** Delivers nothing more; resolves when what is under way has ended. */
  stop(): Promise<void>
}

/** So many rows take the writing thread a few milliseconds. */
const forgottenAtOnce = 250
/** Subscriptions, before others have their turn. */
const readAtOnce = 100
const maxFollowers = 64
const heartbeatMs = 15_000

const gone: Attempt = { end: 'held', reason: 'the subscription is deleted', pauseMs: undefined }

export function createBus(deps: BusDependencies): Bus {
  const { events, subscriptions, clock, ids, log } = deps
  const receivers = createReceiverIndex(subscriptions)
  const tally = createEventTally()
  const followers = createFollowers({ events, maxFollowers, heartbeatMs })
  const lanes = new Map<string, { subscription: Subscription; lane: Lane }>()
  let stopped = false
  const deliver = createDeliver({ ...deps, tally, isStopping: () => stopped })

  const openLane = ({ org, id }: Subscription): Lane =>
    createLane({
      clock,
      read: limit => events.waiting(id, limit),
      // As the subscription is now: it may have been updated, or be deleted, since the event came in.
      attempt: async (delivery, onEnded) => {
        const subscription = (await receivers.of(org)).byId.get(id)
        if (!subscription) return gone
        laneOf(subscription)
        return deliver(subscription, delivery, onEnded)
      },
      onError: thrown =>
        log.error({ subscription: id, cause: messageOf(thrown) }, 'deliveries fail; they are repeated'),
    })

  const laneOf = (subscription: Subscription): Lane => {
    const { id } = subscription
    const lane = lanes.get(id)?.lane ?? openLane(subscription)
    lanes.set(id, { subscription, lane })
    return lane
  }

  const forget: Bus['forget'] = async ({ id }) => {
    lanes.get(id)?.lane.stop()
    lanes.delete(id)
    while ((await events.forgetSubscription(id, forgottenAtOnce)) === forgottenAtOnce);
  }

  /** Also removes what waits for subscriptions that are gone. */
  const resync = async (): Promise<void> => {
    const ids: string[] = []
    for (let id = await events.nextSubscription(); id; id = await events.nextSubscription(id)) {
      ids.push(id)
      if (ids.length % readAtOnce === 0) await immediate()
    }
    // Looked for afterwards: one that is made meanwhile is not taken for gone.
    const present = new Map((await subscriptions.list()).map(each => [each.id, each]))
    for (const id of ids) {
      const subscription = present.get(id)
      if (!subscription) await forget({ id })
      else if (!stopped) laneOf(subscription).wake()
    }
  }

  /** Ids are the order of events, whatever time it was when the last one came. */
  const passLastIds = async (): Promise<void> => {
    for (let org = await events.nextOrg(); org !== undefined; org = await events.nextOrg(org)) {
      const last = await events.lastId(org)
      if (last) ids.passRunId(last)
    }
  }

  const sweeper = createEventSweeper({ ...deps, resync })

  return {
    emit: async (org, emitted, mark) => {
      const { match } = await receivers.of(org)
      const reached = new Set<Subscription>()
      const added = emitted.map(({ emission, text }): NewEvent => {
        const matched = match(emission)
        for (const each of matched) reached.add(each)
        const to = matched.map(({ id, name }) => ({ subscriptionId: id, subscription: name }))
        const common = { id: ids.runId(), org, emittedNs: clock.nowNs() }
        return { ...common, type: emission.eventType, body: text, receivers: to }
      })
      await events.put(added, mark)
      tally.countEmitted(added.length)
      followers.wake(org)
      if (!stopped) for (const subscription of reached) laneOf(subscription).wake()
    },
    follow: ({ kind, org, name }) => {
      if (kind === 'Subscription') receivers.forget(org)
      if (kind !== 'Subscription' && kind !== 'Function') return
      for (const { subscription, lane } of lanes.values()) {
        const concerned = kind === 'Function' ? subscription.functionName : subscription.name
        if (subscription.org === org && concerned === name && lane.heldFor !== undefined) lane.resume()
      }
    },
    start: async () => {
      await passLastIds()
      await resync()
      sweeper.start()
    },
    retry: async (org, eventId) => {
      if ((await events.retry(org, eventId, msOf(clock.nowNs()))) === 0) return false
      const { byId } = await receivers.of(org)
      for (const { subscriptionId, state } of await events.deliveries(eventId)) {
        const subscription = byId.get(subscriptionId)
        if (subscription && state === 'waiting' && !stopped) laneOf(subscription).resume()
      }
      return true
    },
    heldFor: subscriptionId => lanes.get(subscriptionId)?.lane.heldFor,
    followEvents: followers.follow,
    stats: async () => {
      const all = [...lanes.values()].map(({ lane }) => lane)
      return {
        ...tally.read(),
        ...(await events.totals()),
        underWay: all.reduce((sum, { active }) => sum + active, 0),
        held: all.filter(({ heldFor }) => heldFor !== undefined).length,
        followers: followers.count,
      }
    },
    forget,
    stop: async () => {
      stopped = true
      followers.close()
      await Promise.all([sweeper.stop(), ...[...lanes.values()].map(({ lane }) => lane.stop())])
    },
  }
}
