/** REST operations on event drivers. */
import { Type } from '@sinclair/typebox'
import { amend } from '../core/amend.ts'
import { type Clock, type Ids, secondsOf } from '../core/clock.ts'
import { checkSameName, createEntity, normalizeTags } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import type { AwaitRemoval } from '../core/removal.ts'
import { hasTags } from '../core/tags.ts'
import { jsonReply, type Operation, operation } from '../http/operation.ts'
import { pathOf, tagFilter } from '../http/shapes.ts'
import type { Collection } from '../store/port.ts'
import { type Driver, type DriverBody, type DriverType, driverBody, renderDriver } from './schema.ts'

export interface DriverRouteDependencies {
  drivers: Collection<Driver>
  driverTypes: Collection<DriverType>
  awaitRemoval: AwaitRemoval
  clock: Clock
  ids: Ids
}

const collection = '/v1/event/drivers'
const item = `${collection}/{driverName}`
const pathSchema = pathOf('driverName')

const notFound = (name: string) => dispatchError('NOT_FOUND', { kind: 'event driver', name })

const present = (name: string, found: Driver | undefined): Driver => {
  if (!found || found.status === 'DELETING') throw notFound(name)
  return found
}

/** What a driver has of its type, whatever the body says of it; `held` where the type has gone since. */
function inherit(body: DriverBody, type: DriverType | undefined, held?: Driver): Pick<Driver, 'image' | 'expose'> {
  const source = type ?? (held?.type === body.type ? held : undefined)
  if (!source) throw dispatchError('NO_DRIVER_TYPE', { name: body.name, type: body.type })
  return { image: source.image, expose: source.expose }
}

const ownFields = (body: DriverBody) => ({
  type: body.type,
  config: normalizeTags(body.config),
  secrets: body.secrets ?? [],
})

export function createDriverOperations(dependencies: DriverRouteDependencies): Operation[] {
  const { drivers, driverTypes, awaitRemoval, clock, ids } = dependencies
  return [
    operation({
      id: 'addDriver',
      method: 'POST',
      path: collection,
      summary: 'Add an event driver',
      bodySchema: driverBody,
      handle: async ({ org, body }) => {
        const inherited = inherit(body, await driverTypes.get(org, body.type))
        await awaitRemoval(drivers, { kind: 'Driver', org, name: body.name })
        const entity = {
          ...createEntity(org, body, { ...clock, ...ids }),
          ...ownFields(body),
          ...inherited,
          token: ids.uuid(),
        }
        return jsonReply(201, renderDriver(await drivers.create({ ...entity, status: 'CREATING' })))
      },
    }),
    operation({
      id: 'getDrivers',
      method: 'GET',
      path: collection,
      summary: 'List event drivers',
      querySchema: Type.Object({ tags: tagFilter }),
      handle: async ({ org, tags }) => {
        const listed = (await drivers.list(org)).filter(entity => entity.status !== 'DELETING')
        return jsonReply(200, listed.filter(entity => hasTags(entity, tags)).map(renderDriver))
      },
    }),
    operation({
      id: 'getDriver',
      method: 'GET',
      path: item,
      summary: 'Get an event driver',
      pathSchema,
      handle: async ({ org, path: { driverName: name = '' } }) =>
        jsonReply(200, renderDriver(present(name, await drivers.get(org, name)))),
    }),
    operation({
      id: 'updateDriver',
      method: 'PUT',
      path: item,
      summary: 'Replace an event driver',
      pathSchema,
      bodySchema: driverBody,
      handle: async ({ org, path: { driverName: name = '' }, body }) => {
        const type = await driverTypes.get(org, body.type)
        const changed = { ...ownFields(body), tags: normalizeTags(body.tags) }
        const token = ids.uuid()
        const updated = await amend(drivers, { org, name }, current => {
          const modifiedTimeSeconds = secondsOf(clock.nowNs())
          const entity = present(name, current)
          checkSameName(name, body.name)
          const inherited = inherit(body, type, entity)
          return { ...entity, ...changed, ...inherited, token, status: 'UPDATING', reason: null, modifiedTimeSeconds }
        })
        return jsonReply(200, renderDriver(updated))
      },
    }),
    operation({
      id: 'deleteDriver',
      method: 'DELETE',
      path: item,
      summary: 'Delete an event driver',
      pathSchema,
      handle: async ({ org, path: { driverName: name = '' } }) => {
        const deleting = await amend(drivers, { org, name }, current => {
          if (!current) throw notFound(name)
          if (current.status === 'DELETING') return current
          return { ...current, status: 'DELETING', reason: null, modifiedTimeSeconds: secondsOf(clock.nowNs()) }
        })
        return jsonReply(200, renderDriver(deleting))
      },
    }),
  ]
}
