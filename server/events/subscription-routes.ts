/** REST operations on subscriptions. */
import { dispatchError } from '../core/errors.ts'
import type { KindContext } from '../core/verbs.ts'
import type { Operation } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import {
  renderSubscription,
  type Subscription,
  type SubscriptionBody,
  shownSubscription,
  subscriptionBody,
} from './schema.ts'

export interface SubscriptionRouteDependencies extends KindContext {
  subscriptions: Collection<Subscription>
}

function check({ name, status }: Subscription, verb: 'replace' | 'remove'): void {
  if (verb === 'replace' && status === 'UPDATING') throw dispatchError('SUBSCRIPTION_UPDATING', { name })
  if (verb === 'remove' && status === 'DELETING') throw dispatchError('SUBSCRIPTION_DELETING', { name })
}

export const createSubscriptionOperations = (dependencies: SubscriptionRouteDependencies): Operation[] =>
  createResourceOperations<Subscription, SubscriptionBody>(
    {
      kind: 'Subscription',
      path: '/v1/event/subscriptions',
      parameter: 'subscriptionName',
      operationIds: {
        create: 'addSubscription',
        list: 'getSubscriptions',
        get: 'getSubscription',
        replace: 'updateSubscription',
        remove: 'deleteSubscription',
      },
      words: { one: 'a subscription', many: 'subscriptions' },
      bodySchema: subscriptionBody,
      shownSchema: shownSubscription,
      errors: { replace: ['SUBSCRIPTION_UPDATING'], remove: ['SUBSCRIPTION_DELETING'] },
      entities: dependencies.subscriptions,
      firstStatus: 'CREATING',
      filters: { state: ({ status }) => status, function: ({ functionName }) => functionName },
      check,
      draft: (_, { eventType, function: functionName, secrets = [], retry, filter }) => ({
        complete: common => ({ ...common, eventType, functionName, secrets, retry, filter }),
      }),
      render: renderSubscription,
    },
    dependencies,
  )
