/** Carries out the plans for subscriptions on the store. */
import type { Clock } from '../core/clock.ts'
import type { Entity } from '../core/entity.ts'
import { parseKey } from '../core/reconciler.ts'
import { settle } from '../core/settle.ts'
import type { Collection } from '../store/port.ts'
import type { Bus } from './bus.ts'
import { planSubscription, type Step } from './plan.ts'
import type { Subscription } from './schema.ts'

export interface SubscriptionDependencies {
  subscriptions: Collection<Subscription>
  functionIdOf(org: string, name: string): Promise<string | undefined>
  bus: Pick<Bus, 'forget'>
  clock: Clock
}

const outcomeOf = (step: Exclude<Step, { do: 'remove' }>): Pick<Entity, 'status' | 'reason'> =>
  step.do === 'ready' ? { status: 'READY', reason: null } : { status: 'ERROR', reason: [step.reason] }

export function createSubscriptionReconcile(deps: SubscriptionDependencies): (key: string) => Promise<void> {
  const { subscriptions, functionIdOf, bus, clock } = deps
  return async key => {
    const { org, name } = parseKey(key)
    const entity = await subscriptions.get(org, name)
    if (!entity) return
    const hasFunction = (await functionIdOf(org, entity.functionName)) !== undefined
    const step = planSubscription(entity, { hasFunction })
    if (step.do !== 'remove') return settle(subscriptions, clock, { entity, to: outcomeOf(step) })
    await bus.forget(entity)
    await subscriptions.remove(org, name)
  }
}
