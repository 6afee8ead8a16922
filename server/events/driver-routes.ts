/** REST operations on event drivers. */
import { normalizeTags } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import type { Draft, KindContext } from '../core/verbs.ts'
import type { Operation } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import {
  type Driver,
  type DriverBody,
  type DriverType,
  driverBody,
  renderDriver,
  shownDriver,
} from './driver-schema.ts'

export interface DriverRouteDependencies extends KindContext {
  drivers: Collection<Driver>
  driverTypes: Collection<DriverType>
}

/** What a driver has of its type, whatever the body says of it; `held` where the type has gone since. */
function inherit(body: DriverBody, type: DriverType | undefined, held?: Driver): Pick<Driver, 'image' | 'expose'> {
  const source = type ?? (held?.type === body.type ? held : undefined)
  if (!source) throw dispatchError('NO_DRIVER_TYPE', { name: body.name, type: body.type })
  return { image: source.image, expose: source.expose }
}

export function createDriverOperations({ drivers, driverTypes, ...context }: DriverRouteDependencies): Operation[] {
  const draft = async (org: string, body: DriverBody): Promise<Draft<Driver>> => {
    const type = await driverTypes.get(org, body.type)
    const fields = { type: body.type, config: normalizeTags(body.config), secrets: body.secrets ?? [] }
    const token = context.ids.uuid()
    return { complete: (common, held) => ({ ...common, ...fields, ...inherit(body, type, held), token }) }
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
      errors: { create: ['NO_DRIVER_TYPE'], replace: ['NO_DRIVER_TYPE'] },
      entities: drivers,
      firstStatus: 'CREATING',
      filters: { state: ({ status }) => status },
      draft,
      render: renderDriver,
    },
    context,
  )
}
