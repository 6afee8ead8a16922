/** REST operations on base images. */
import { amend } from '../core/amend.ts'
import { secondsOf } from '../core/clock.ts'
import { checkSameName, createEntity, normalizeTags } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import { jsonReply, type Operation, operation } from '../http/operation.ts'
import { pathOf } from '../http/shapes.ts'
import type { ImageRouteDependencies } from './image-routes.ts'
import { type BaseImage, baseImageBody, renderBaseImage } from './schema.ts'

const collection = '/v1/baseimage'
const item = `${collection}/{baseImageName}`
const pathSchema = pathOf('baseImageName')

export function createBaseImageOperations(dependencies: ImageRouteDependencies): Operation[] {
  const { baseImages, awaitRemoval, clock, ids } = dependencies
  const present = (name: string, found: BaseImage | undefined): BaseImage => {
    if (!found || found.status === 'DELETING') throw dispatchError('NOT_FOUND', { kind: 'base image', name })
    return found
  }
  return [
    operation({
      id: 'addBaseImage',
      method: 'POST',
      path: collection,
      summary: 'Add a base image',
      bodySchema: baseImageBody,
      handle: async ({ org, body }) => {
        await awaitRemoval(baseImages, { kind: 'BaseImage', org, name: body.name })
        const fields = { dockerUrl: body.dockerUrl, language: body.language, dockerImage: null }
        const created = await baseImages.create({ ...createEntity(org, body, { ...clock, ...ids }), ...fields })
        return jsonReply(201, renderBaseImage(created))
      },
    }),
    operation({
      id: 'getBaseImages',
      method: 'GET',
      path: collection,
      summary: 'List base images',
      handle: async ({ org }) => jsonReply(200, (await baseImages.list(org)).map(renderBaseImage)),
    }),
    operation({
      id: 'getBaseImageByName',
      method: 'GET',
      path: item,
      summary: 'Get a base image',
      pathSchema,
      handle: async ({ org, path: { baseImageName: name = '' } }) =>
        jsonReply(200, renderBaseImage(present(name, await baseImages.get(org, name)))),
    }),
    operation({
      id: 'updateBaseImageByName',
      method: 'PUT',
      path: item,
      summary: 'Replace a base image',
      pathSchema,
      bodySchema: baseImageBody,
      handle: async ({ org, path: { baseImageName: name = '' }, body }) => {
        const changed = {
          dockerUrl: body.dockerUrl,
          language: body.language,
          tags: normalizeTags(body.tags),
          dockerImage: null,
        }
        const updated = await amend(baseImages, { org, name }, current => {
          const modifiedTimeSeconds = secondsOf(clock.nowNs())
          const entity = present(name, current)
          checkSameName(name, body.name)
          return { ...entity, ...changed, status: 'UPDATING', reason: null, modifiedTimeSeconds }
        })
        return jsonReply(200, renderBaseImage(updated))
      },
    }),
    operation({
      id: 'deleteBaseImageByName',
      method: 'DELETE',
      path: item,
      summary: 'Delete a base image',
      pathSchema,
      handle: async ({ org, path: { baseImageName: name = '' } }) => {
        const deleting = await amend(baseImages, { org, name }, current => ({
          ...present(name, current),
          status: 'DELETING',
        }))
        return jsonReply(200, renderBaseImage(deleting))
      },
    }),
  ]
}
