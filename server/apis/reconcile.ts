/** Carries out the plans for APIs on the store. */
import type { Clock } from '../core/clock.ts'
import { parseKey } from '../core/reconciler.ts'
import { settle } from '../core/settle.ts'
import type { Collection } from '../store/port.ts'
import { planApi } from './plan.ts'
import type { ApiEntity } from './schema.ts'

export interface ApiDependencies {
  apis: Collection<ApiEntity>
  clock: Clock
}

export function createApiReconcile({ apis, clock }: ApiDependencies): (key: string) => Promise<void> {
  return async key => {
    const { org, name } = parseKey(key)
    const entity = await apis.get(org, name)
    if (!entity) return
    const step = planApi(entity)
    if (step.do === 'remove') await apis.remove(org, name)
    if (step.do === 'ready') await settle(apis, clock, { entity, to: { status: 'READY', reason: null } })
  }
}
