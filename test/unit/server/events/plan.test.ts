/** What subscriptions need next, for each state that they can be in. */
import test from 'ava'
import { planSubscription } from '../../../../server/events/plan.ts'
import type { Subscription } from '../../../../server/events/schema.ts'

const head = { id: 'i', org: 'o', name: 'n', revision: 1, reason: null, tags: null, secrets: [] } as const
const times = { createdTimeSeconds: 0, modifiedTimeSeconds: 0 }
const subscription = (status: Subscription['status']): Subscription => ({
  ...head,
  ...times,
  secrets: [],
  eventType: 'a.b',
  functionName: 'fn',
  status,
})

test('what is being deleted is removed, whatever it lacks', t => {
  t.deepEqual(planSubscription(subscription('DELETING'), { hasFunction: false }), { do: 'remove' })
})

for (const status of ['CREATING', 'READY', 'UPDATING', 'ERROR'] as const) {
  test(`a subscription in ${status} follows its function`, t => {
    t.deepEqual(planSubscription(subscription(status), { hasFunction: true }), { do: 'ready' })
    const step = planSubscription(subscription(status), { hasFunction: false })
    t.deepEqual(step, { do: 'fail', reason: 'function fn not found' })
  })
}
