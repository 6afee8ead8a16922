/** Decides what a subscription still needs. Pure. */
import type { Subscription } from './schema.ts'

export type Step = { do: 'remove' } | { do: 'ready' } | { do: 'fail'; reason: string }

export function planSubscription(subscription: Subscription, facts: { hasFunction: boolean }): Step {
  if (subscription.status === 'DELETING') return { do: 'remove' }
  if (facts.hasFunction) return { do: 'ready' }
  return { do: 'fail', reason: `function ${subscription.functionName} not found` }
}
