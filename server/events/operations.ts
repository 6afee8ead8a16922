/** All REST operations of the event service. */
import type { Operation } from '../http/operation.ts'
import { type BacklogDependencies, createBacklogOperation } from './backlog-routes.ts'
import { createDriverOperations, type DriverRouteDependencies } from './driver-routes.ts'
import { createDriverTypeOperations } from './driver-type-routes.ts'
import { createEmitOperations, type EmitDependencies } from './emit-routes.ts'
import { createStoredOperations, type StoredDependencies } from './stored-routes.ts'
import { createSubscriptionOperations, type SubscriptionRouteDependencies } from './subscription-routes.ts'

export const createEventOperations = (
  dependencies: SubscriptionRouteDependencies &
    DriverRouteDependencies &
    EmitDependencies &
    StoredDependencies &
    BacklogDependencies,
): Operation[] => [
  ...createEmitOperations(dependencies),
  ...createStoredOperations(dependencies),
  ...createSubscriptionOperations(dependencies),
  createBacklogOperation(dependencies),
  ...createDriverTypeOperations(dependencies),
  ...createDriverOperations(dependencies),
]
