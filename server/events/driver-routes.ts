/** REST operations on event drivers. */
import { type Entity, normalizeTags } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import type { Draft, KindContext } from '../core/verbs.ts'
import type { Operation } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import { type BuiltInType, driverTypeOf } from './built-in-types.ts'
import {
  type Driver,
  type DriverBody,
  type DriverType,
  driverBody,
  type Inherited,
  renderDriver,
  shownDriver,
} from './driver-schema.ts'

export interface DriverRouteDependencies extends KindContext {
  /** When it emits its next event, in Unix milliseconds, if that is known. */
  nextRunMs(driver: Driver): number | undefined
  drivers: Collection<Driver>
  driverTypes: Collection<DriverType>
  builtInTypes: readonly BuiltInType[]
}

/** What a driver has of its type, whatever the body says of it; `held` where the type has gone since. */
function inherit(body: DriverBody, type: DriverType | undefined, held?: Driver): Inherited {
  if (type) return { image: type.image, expose: type.expose, defaults: type.config, builtIn: type.builtIn ?? null }
  if (held?.type !== body.type) throw dispatchError('NO_DRIVER_TYPE', { name: body.name, type: body.type })
  const { image, expose, defaults, builtIn } = held
  return { image, expose, defaults, builtIn }
}

export function createDriverOperations(dependencies: DriverRouteDependencies): Operation[] {
  const { drivers, driverTypes, builtInTypes, nextRunMs, ...context } = dependencies
  const findBuiltIn = (org: string, wanted: string): DriverType | undefined => {
    const found = builtInTypes.find(({ name }) => name === wanted)
    return found && driverTypeOf(org, found)
  }
  const draft = async (org: string, body: DriverBody): Promise<Draft<Driver>> => {
    const type = (await driverTypes.get(org, body.type)) ?? findBuiltIn(org, body.type)
    const fields = { type: body.type, config: normalizeTags(body.config), secrets: body.secrets ?? [] }
    const token = context.ids.uuid()
    const complete = (common: Entity, held: Driver | undefined): Driver => ({
      ...common,
      ...fields,
      ...inherit(body, type, held),
      token,
      url: held?.url ?? null,
    })
    return { complete }
  }
  return createResourceOperations<Driver, DriverBody>(
    {
      kind: 'Driver',
      path: '/v1/event/drivers',
      parameter: 'driverName',
      operationIds: {
        create: 'addDriver',
        list: 'getDrivers',
        get: 'getDriver',
        replace: 'updateDriver',
        remove: 'deleteDriver',
      },
      words: { one: 'an event driver', many: 'event drivers' },
      bodySchema: driverBody,
      shownSchema: shownDriver,
      errors: {
        create: ['NO_DRIVER_TYPE', 'SEAL_BROKEN'],
        get: ['SEAL_BROKEN'],
        replace: ['NO_DRIVER_TYPE', 'SEAL_BROKEN'],
      },
      entities: drivers,
      firstStatus: 'CREATING',
      filters: { state: ({ status }) => status },
      draft,
      render: driver => renderDriver(driver, nextRunMs(driver)),
    },
    context,
  )
}
