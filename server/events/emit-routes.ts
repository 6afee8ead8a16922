/** The REST operation by which clients emit events. */
import { dispatchError } from '../core/errors.ts'
import { type Operation, operation } from '../http/operation.ts'
import type { Collection } from '../store/port.ts'
import { emissionBody, findFaults, renderEmission } from './emission.ts'
import type { Subscription } from './schema.ts'

export interface EmitDependencies {
  subscriptions: Collection<Subscription>
}

export function createEmitOperations({ subscriptions }: EmitDependencies): Operation[] {
  /** To say yes to an event that nobody will get would be worse than to refuse it. */
  const checkUnsubscribed = async (org: string, eventType: string): Promise<void> => {
    const all = await subscriptions.list(org)
    const [first] = all.filter(entity => entity.eventType === eventType && entity.status !== 'DELETING')
    if (first) throw dispatchError('NOT_DELIVERED', { eventType, name: first.name })
  }
  return [
    operation({
      id: 'emitEvent',
      method: 'POST',
      path: '/v1/event',
      summary: 'Emit an event',
      bodySchema: emissionBody,
      handle: async ({ org, body, bodyText }) => {
        const faults = findFaults(body)
        if (faults.length > 0) throw dispatchError('EVENT_INVALID', { cause: faults.join('\n') })
        await checkUnsubscribed(org, body.eventType)
        return { status: 200, json: renderEmission(body, bodyText) }
      },
    }),
  ]
}
