/** REST operations on event driver types: usable at once, so that nothing has to be reconciled. */
import { normalizeTags } from '../core/entity.ts'
import type { KindContext } from '../core/verbs.ts'
import type { Operation } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import { type BuiltInType, driverTypeOf } from './built-in-types.ts'
import {
  type DriverType,
  type DriverTypeBody,
  driverTypeBody,
  renderDriverType,
  shownDriverType,
} from './driver-schema.ts'

export interface DriverTypeRouteDependencies extends KindContext {
  driverTypes: Collection<DriverType>
  builtInTypes: readonly BuiltInType[]
}

export const createDriverTypeOperations = (dependencies: DriverTypeRouteDependencies): Operation[] =>
  createResourceOperations<DriverType, DriverTypeBody>(
    {
      kind: 'DriverType',
      path: '/v1/event/drivertypes',
      parameter: 'driverTypeName',
      operationIds: {
        create: 'addDriverType',
        list: 'getDriverTypes',
        get: 'getDriverType',
        replace: 'updateDriverType',
        remove: 'deleteDriverType',
      },
      words: { one: 'an event driver type', many: 'event driver types' },
      bodySchema: driverTypeBody,
      shownSchema: shownDriverType,
      errors: { get: ['SEAL_BROKEN'], replace: ['BUILT_IN', 'SEAL_BROKEN'], remove: ['BUILT_IN'] },
      notes: {
        create: 'One of the name of a built-in type takes its place.',
        replace: 'Its drivers take over the change when they are updated.',
        remove: 'Its drivers stay.',
      },
      entities: dependencies.driverTypes,
      builtIn: org => dependencies.builtInTypes.map(type => driverTypeOf(org, type)),
      firstStatus: 'READY',
      draft: (_, { image, expose = false, config }) => ({
        complete: common => ({ ...common, image, expose, config: normalizeTags(config) }),
      }),
      render: renderDriverType,
    },
    dependencies,
  )
