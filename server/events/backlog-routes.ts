/** The REST operation that tells what a subscription has not got yet, or not at all. */
import { dispatchError } from '../core/errors.ts'
import { jsonReply, type Operation, operation } from '../http/operation.ts'
import { pathOf } from '../http/shapes.ts'
import type { EventStore } from '../store/event-port.ts'
import type { Collection } from '../store/port.ts'
import type { Bus } from './bus.ts'
import type { Subscription } from './schema.ts'
import { shownBacklog } from './stored-schema.ts'

export interface BacklogDependencies {
  bus: Pick<Bus, 'heldFor'>
  events: Pick<EventStore, 'backlog'>
  subscriptions: Pick<Collection<Subscription>, 'get'>
}

export const createBacklogOperation = ({ bus, events, subscriptions }: BacklogDependencies): Operation =>
  operation({
    id: 'getSubscriptionBacklog',
    group: 'events',
    method: 'GET',
    path: '/v1/event/subscriptions/{subscriptionName}/backlog',
    summary: 'Tell how many events wait for a subscription, and how many were given up',
    answers: { 200: { description: 'The counts', schema: shownBacklog } },
    errors: ['NOT_FOUND', 'INTERNAL'],
    pathSchema: pathOf('subscriptionName', 'Name of a subscription', 'greet-users'),
    handle: async ({ org, path: { subscriptionName: name = '' } }) => {
      const subscription = await subscriptions.get(org, name)
      if (!subscription) throw dispatchError('NOT_FOUND', { kind: 'subscription', name })
      const heldFor = bus.heldFor(subscription.id)
      const backlog = await events.backlog(subscription.id)
      return jsonReply(200, { ...backlog, reason: heldFor === undefined ? null : [heldFor] })
    },
  })
