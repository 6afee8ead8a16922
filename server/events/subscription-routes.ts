/** REST operations on subscriptions. */
import { Type } from '@sinclair/typebox'
import { amend } from '../core/amend.ts'
import { type Clock, type Ids, secondsOf } from '../core/clock.ts'
import { checkSameName, createEntity, normalizeTags } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import type { AwaitRemoval } from '../core/removal.ts'
import { hasTags } from '../core/tags.ts'
import { jsonReply, type Operation, operation } from '../http/operation.ts'
import { pathOf, tagFilter } from '../http/shapes.ts'
import type { Collection } from '../store/port.ts'
import { renderSubscription, type Subscription, type SubscriptionBody, subscriptionBody } from './schema.ts'

export interface SubscriptionRouteDependencies {
  subscriptions: Collection<Subscription>
  awaitRemoval: AwaitRemoval
  clock: Clock
  ids: Ids
}

const collection = '/v1/event/subscriptions'
const item = `${collection}/{subscriptionName}`
const pathSchema = pathOf('subscriptionName')

const fieldsOf = (body: SubscriptionBody) => ({
  eventType: body.eventType,
  functionName: body.function,
  secrets: body.secrets ?? [],
})

const notFound = (name: string) => dispatchError('NOT_FOUND', { kind: 'subscription', name })

export function createSubscriptionOperations(dependencies: SubscriptionRouteDependencies): Operation[] {
  const { subscriptions, awaitRemoval, clock, ids } = dependencies
  const present = (name: string, found: Subscription | undefined): Subscription => {
    if (!found || found.status === 'DELETING') throw notFound(name)
    return found
  }
  return [
    operation({
      id: 'addSubscription',
      method: 'POST',
      path: collection,
      summary: 'Add a subscription',
      bodySchema: subscriptionBody,
      handle: async ({ org, body }) => {
        await awaitRemoval(subscriptions, { kind: 'Subscription', org, name: body.name })
        const entity = { ...createEntity(org, body, { ...clock, ...ids }), ...fieldsOf(body) }
        return jsonReply(201, renderSubscription(await subscriptions.create({ ...entity, status: 'CREATING' })))
      },
    }),
    operation({
      id: 'getSubscriptions',
      method: 'GET',
      path: collection,
      summary: 'List subscriptions',
      querySchema: Type.Object({ tags: tagFilter }),
      handle: async ({ org, tags }) => {
        const listed = (await subscriptions.list(org)).filter(entity => entity.status !== 'DELETING')
        return jsonReply(200, listed.filter(entity => hasTags(entity, tags)).map(renderSubscription))
      },
    }),
    operation({
      id: 'getSubscription',
      method: 'GET',
      path: item,
      summary: 'Get a subscription',
      pathSchema,
      handle: async ({ org, path: { subscriptionName: name = '' } }) =>
        jsonReply(200, renderSubscription(present(name, await subscriptions.get(org, name)))),
    }),
    operation({
      id: 'updateSubscription',
      method: 'PUT',
      path: item,
      summary: 'Replace a subscription',
      pathSchema,
      bodySchema: subscriptionBody,
      handle: async ({ org, path: { subscriptionName: name = '' }, body }) => {
        const changed = { ...fieldsOf(body), tags: normalizeTags(body.tags) }
        const updated = await amend(subscriptions, { org, name }, current => {
          const modifiedTimeSeconds = secondsOf(clock.nowNs())
          const entity = present(name, current)
          checkSameName(name, body.name)
          if (entity.status === 'UPDATING') throw dispatchError('SUBSCRIPTION_UPDATING', { name })
          return { ...entity, ...changed, status: 'UPDATING', reason: null, modifiedTimeSeconds }
        })
        return jsonReply(200, renderSubscription(updated))
      },
    }),
    operation({
      id: 'deleteSubscription',
      method: 'DELETE',
      path: item,
      summary: 'Delete a subscription',
      pathSchema,
      handle: async ({ org, path: { subscriptionName: name = '' } }) => {
        const deleting = await amend(subscriptions, { org, name }, current => {
          if (!current) throw notFound(name)
          if (current.status === 'DELETING') throw dispatchError('SUBSCRIPTION_DELETING', { name })
          return { ...current, status: 'DELETING', reason: null, modifiedTimeSeconds: secondsOf(clock.nowNs()) }
        })
        return jsonReply(200, renderSubscription(deleting))
      },
    }),
  ]
}
