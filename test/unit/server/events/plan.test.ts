/** What subscriptions and event drivers need next, for each state that they can be in. */
import test from 'ava'
import type { Driver } from '../../../../server/events/driver-schema.ts'
import { planDriver, planSubscription } from '../../../../server/events/plan.ts'
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
const driver = (status: Driver['status']): Driver => ({
  ...head,
  ...times,
  secrets: [],
  token: 't',
  type: 'ticker',
  image: 'me/ticker:1',
  expose: false,
  config: null,
  status,
})

test('what is being deleted is removed, whatever it lacks', t => {
  t.deepEqual(planSubscription(subscription('DELETING'), { hasFunction: false }), { do: 'remove' })
  t.deepEqual(planDriver(driver('DELETING'), { secretFailure: 'x' }), { do: 'remove' })
})

for (const status of ['CREATING', 'READY', 'UPDATING', 'ERROR'] as const) {
  test(`a subscription in ${status} follows its function`, t => {
    t.deepEqual(planSubscription(subscription(status), { hasFunction: true }), { do: 'ready' })
    const step = planSubscription(subscription(status), { hasFunction: false })
    t.deepEqual(step, { do: 'fail', reason: 'function fn not found' })
  })

  test(`a driver in ${status} fails by what it lacks first`, t => {
    const lacking = planDriver(driver(status), { secretFailure: '[Code: 404] secret s not found' })
    const reason = 'err getting secrets of driver me/ticker:1: [Code: 404] secret s not found'
    t.deepEqual(lacking, { do: 'fail', reason })
    t.is(planDriver(driver(status), { secretFailure: undefined }).do, 'fail')
  })
}
