/** REST operations on event driver types: usable at once, so that nothing has to be reconciled. */
import { Type } from '@sinclair/typebox'
import { amend } from '../core/amend.ts'
import { type Clock, type Ids, secondsOf } from '../core/clock.ts'
import { checkSameName, createEntity, normalizeTags } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import { hasTags } from '../core/tags.ts'
import { jsonReply, type Operation, operation } from '../http/operation.ts'
import { pathOf, tagFilter } from '../http/shapes.ts'
import type { Collection } from '../store/port.ts'
import { type DriverType, type DriverTypeBody, driverTypeBody, renderDriverType } from './schema.ts'

export interface DriverTypeRouteDependencies {
  driverTypes: Collection<DriverType>
  clock: Clock
  ids: Ids
}

const collection = '/v1/event/drivertypes'
const item = `${collection}/{driverTypeName}`
const pathSchema = pathOf('driverTypeName')

const fieldsOf = (body: DriverTypeBody) => ({
  image: body.image,
  expose: body.expose ?? false,
  config: normalizeTags(body.config),
})

export function createDriverTypeOperations({ driverTypes, clock, ids }: DriverTypeRouteDependencies): Operation[] {
  const present = (name: string, found: DriverType | undefined): DriverType => {
    if (!found) throw dispatchError('NOT_FOUND', { kind: 'event driver type', name })
    return found
  }
  return [
    operation({
      id: 'addDriverType',
      method: 'POST',
      path: collection,
      summary: 'Add an event driver type',
      bodySchema: driverTypeBody,
      handle: async ({ org, body }) => {
        const entity = { ...createEntity(org, body, { ...clock, ...ids }), ...fieldsOf(body) }
        return jsonReply(201, renderDriverType(await driverTypes.create({ ...entity, status: 'READY' })))
      },
    }),
    operation({
      id: 'getDriverTypes',
      method: 'GET',
      path: collection,
      summary: 'List event driver types',
      querySchema: Type.Object({ tags: tagFilter }),
      handle: async ({ org, tags }) =>
        jsonReply(200, (await driverTypes.list(org)).filter(entity => hasTags(entity, tags)).map(renderDriverType)),
    }),
    operation({
      id: 'getDriverType',
      method: 'GET',
      path: item,
      summary: 'Get an event driver type',
      pathSchema,
      handle: async ({ org, path: { driverTypeName: name = '' } }) =>
        jsonReply(200, renderDriverType(present(name, await driverTypes.get(org, name)))),
    }),
    operation({
      id: 'updateDriverType',
      method: 'PUT',
      path: item,
      summary: 'Replace an event driver type; its drivers take over the change when they are updated',
      pathSchema,
      bodySchema: driverTypeBody,
      handle: async ({ org, path: { driverTypeName: name = '' }, body }) => {
        const changed = { ...fieldsOf(body), tags: normalizeTags(body.tags) }
        const updated = await amend(driverTypes, { org, name }, current => {
          const entity = present(name, current)
          checkSameName(name, body.name)
          return { ...entity, ...changed, modifiedTimeSeconds: secondsOf(clock.nowNs()) }
        })
        return jsonReply(200, renderDriverType(updated))
      },
    }),
    operation({
      id: 'deleteDriverType',
      method: 'DELETE',
      path: item,
      summary: 'Delete an event driver type; its drivers stay',
      pathSchema,
      handle: async ({ org, path: { driverTypeName: name = '' } }) => {
        const entity = present(name, await driverTypes.get(org, name))
        await driverTypes.remove(org, name)
        return jsonReply(200, renderDriverType(entity))
      },
    }),
  ]
}
