/** Carries out the plans for subscriptions and event drivers on the store. */
import type { Clock } from '../core/clock.ts'
import type { Entity } from '../core/entity.ts'
import { isEntry, messageOf } from '../core/errors.ts'
import type { SecretReader } from '../core/ports.ts'
import { parseKey } from '../core/reconciler.ts'
import { settle } from '../core/settle.ts'
import type { Collection } from '../store/port.ts'
import type { Driver } from './driver-schema.ts'
import { planDriver, planSubscription, type Step } from './plan.ts'
import type { Subscription } from './schema.ts'

export interface SubscriptionDependencies {
  subscriptions: Collection<Subscription>
  functionIdOf(org: string, name: string): Promise<string | undefined>
  clock: Clock
}

export interface DriverDependencies {
  drivers: Collection<Driver>
  secrets: SecretReader
  clock: Clock
}

const outcomeOf = (step: Exclude<Step, { do: 'remove' }>): Pick<Entity, 'status' | 'reason'> =>
  step.do === 'ready' ? { status: 'READY', reason: null } : { status: 'ERROR', reason: [step.reason] }

export function createSubscriptionReconcile(deps: SubscriptionDependencies): (key: string) => Promise<void> {
  const { subscriptions, functionIdOf, clock } = deps
  return async key => {
    const { org, name } = parseKey(key)
    const entity = await subscriptions.get(org, name)
    if (!entity) return
    const hasFunction = (await functionIdOf(org, entity.functionName)) !== undefined
    const step = planSubscription(entity, { hasFunction })
    if (step.do === 'remove') await subscriptions.remove(org, name)
    else await settle(subscriptions, clock, { entity, to: outcomeOf(step) })
  }
}

export function createDriverReconcile({ drivers, secrets, clock }: DriverDependencies): (key: string) => Promise<void> {
  /** Only what the caller can mend is told; the machine's failures are tried again. */
  const secretFailureOf = async ({ org, secrets: names }: Driver): Promise<string | undefined> => {
    try {
      await secrets.read(org, names)
      return undefined
    } catch (thrown) {
      if (!isEntry(thrown, 'NOT_FOUND')) throw thrown
      return `[Code: 404] ${messageOf(thrown)}`
    }
  }
  return async key => {
    const { org, name } = parseKey(key)
    const entity = await drivers.get(org, name)
    if (!entity) return
    const step = planDriver(entity, { secretFailure: await secretFailureOf(entity) })
    if (step.do === 'remove') await drivers.remove(org, name)
    else await settle(drivers, clock, { entity, to: outcomeOf(step) })
  }
}
