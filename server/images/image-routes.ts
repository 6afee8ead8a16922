/** REST operations on images. */
import { amend } from '../core/amend.ts'
import { type Clock, type Ids, secondsOf } from '../core/clock.ts'
import { checkSameName, createEntity, normalizeTags } from '../core/entity.ts'
import { dispatchError } from '../core/errors.ts'
import type { AwaitRemoval } from '../core/removal.ts'
import { jsonReply, type Operation, operation } from '../http/operation.ts'
import { pathOf } from '../http/shapes.ts'
import type { Collection } from '../store/port.ts'
import { type BaseImage, type Image, type ImageBody, imageBody, renderImage } from './schema.ts'

export interface ImageRouteDependencies {
  baseImages: Collection<BaseImage>
  images: Collection<Image>
  awaitRemoval: AwaitRemoval
  clock: Clock
  ids: Ids
}

const collection = '/v1/image'
const item = `${collection}/{imageName}`
const pathSchema = pathOf('imageName')

export function createImageOperations(dependencies: ImageRouteDependencies): Operation[] {
  const { baseImages, images, awaitRemoval, clock, ids } = dependencies
  const present = (name: string, found: Image | undefined): Image => {
    if (!found || found.status === 'DELETING') throw dispatchError('NOT_FOUND', { kind: 'image', name })
    return found
  }
  const fieldsOf = async (org: string, body: ImageBody) => {
    const base = await baseImages.get(org, body.baseImageName)
    if (!base) throw dispatchError('NO_BASE_IMAGE', { name: body.baseImageName })
    const manifest = body.runtimeDependencies?.manifest ?? ''
    return {
      baseImageName: base.name,
      language: base.language,
      manifest,
      systemPackages: body.systemDependencies?.packages ?? [],
    }
  }
  return [
    operation({
      id: 'addImage',
      method: 'POST',
      path: collection,
      summary: 'Add an image',
      bodySchema: imageBody,
      handle: async ({ org, body }) => {
        await awaitRemoval(images, { kind: 'Image', org, name: body.name })
        const fields = { ...(await fieldsOf(org, body)), dockerUrl: null, dockerImageId: null, runtimeLanguage: '' }
        return jsonReply(
          201,
          renderImage(await images.create({ ...createEntity(org, body, { ...clock, ...ids }), ...fields })),
        )
      },
    }),
    operation({
      id: 'getImages',
      method: 'GET',
      path: collection,
      summary: 'List images',
      handle: async ({ org }) => {
        const present = (await images.list(org)).filter(image => image.status !== 'DELETING')
        return jsonReply(200, present.map(renderImage))
      },
    }),
    operation({
      id: 'getImageByName',
      method: 'GET',
      path: item,
      summary: 'Get an image',
      pathSchema,
      handle: async ({ org, path: { imageName: name = '' } }) =>
        jsonReply(200, renderImage(present(name, await images.get(org, name)))),
    }),
    operation({
      id: 'updateImageByName',
      method: 'PUT',
      path: item,
      summary: 'Replace an image',
      pathSchema,
      bodySchema: imageBody,
      handle: async ({ org, path: { imageName: name = '' }, body }) => {
        const fields = await fieldsOf(org, body)
        const updated = await amend(images, { org, name }, current => {
          const modifiedTimeSeconds = secondsOf(clock.nowNs())
          const entity = present(name, current)
          checkSameName(name, body.name)
          return {
            ...entity,
            ...fields,
            tags: normalizeTags(body.tags),
            status: 'UPDATING',
            reason: null,
            modifiedTimeSeconds,
          }
        })
        return jsonReply(200, renderImage(updated))
      },
    }),
    operation({
      id: 'deleteImageByName',
      method: 'DELETE',
      path: item,
      summary: 'Delete an image',
      pathSchema,
      handle: async ({ org, path: { imageName: name = '' } }) => {
        const deleting = await amend(images, { org, name }, current => {
          if (!current) throw dispatchError('NOT_FOUND', { kind: 'image', name })
          return { ...current, status: 'DELETING' }
        })
        return jsonReply(200, { ...renderImage(deleting), status: 'DELETED' })
      },
    }),
  ]
}
