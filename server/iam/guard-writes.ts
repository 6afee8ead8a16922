/** Keeps who may write in one organization from giving rights in others: that takes a right in all of them. */
import type { Operation, OperationRequest } from '../http/operation.ts'
import type { Demand } from './authorize.ts'

export interface WriteGuard {
  demand: Demand
  /** Whether what is written counts outside of its organization, before or after it. */
  reachesBeyond(request: OperationRequest): Promise<boolean>
}

export const guardWrites = (operations: readonly Operation[], { demand, reachesBeyond }: WriteGuard): Operation[] =>
  operations.map(operation => {
    const { access, method, handle } = operation
    if (method === 'GET' || typeof access === 'string') return operation
    return {
      ...operation,
      handle: async request => {
        if (await reachesBeyond(request)) await demand(request.principal, '', access)
        return handle(request)
      },
    }
  })
