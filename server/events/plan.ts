/** Decides what a subscription or an event driver still needs. Pure. */
import type { Driver } from './driver-schema.ts'
import type { Subscription } from './schema.ts'

export type Step = { do: 'remove' } | { do: 'ready' } | { do: 'fail'; reason: string }

export function planSubscription(subscription: Subscription, facts: { hasFunction: boolean }): Step {
  if (subscription.status === 'DELETING') return { do: 'remove' }
  if (facts.hasFunction) return { do: 'ready' }
  return { do: 'fail', reason: `function ${subscription.functionName} not found` }
}

/** `secretFailure`: why the driver's secrets cannot be read. A driver never gets READY: nothing here runs one. */
export function planDriver(driver: Driver, facts: { secretFailure: string | undefined }): Step {
  if (driver.status === 'DELETING') return { do: 'remove' }
  if (facts.secretFailure !== undefined)
    return { do: 'fail', reason: `err getting secrets of driver ${driver.image}: ${facts.secretFailure}` }
  const advice = 'until then, whatever has events can send them to POST /v1/event'
  return {
    do: 'fail',
    reason: `err running driver ${driver.image}: this version stores event drivers, but does not run them yet; ${advice}`,
  }
}
