/** REST operations on images. */
import { dispatchError } from '../core/errors.ts'
import type { KindContext } from '../core/verbs.ts'
import type { Operation } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import { type BaseImage, type Image, type ImageBody, imageBody, renderImage, shownImage } from './schema.ts'

export interface ImageRouteDependencies extends KindContext {
  baseImages: Collection<BaseImage>
  images: Collection<Image>
}

/** What only a build tells. */
const notBuilt = { dockerUrl: null, dockerImageId: null, runtimeLanguage: '' }

export function createImageOperations({ baseImages, images, ...context }: ImageRouteDependencies): Operation[] {
  const fieldsOf = async (org: string, body: ImageBody) => {
    const base = await baseImages.get(org, body.baseImageName)
    if (!base || base.status === 'DELETING') throw dispatchError('NO_BASE_IMAGE', { name: body.baseImageName })
    return {
      baseImageName: base.name,
      language: base.language,
      manifest: body.runtimeDependencies?.manifest ?? '',
      systemPackages: body.systemDependencies?.packages ?? [],
    }
  }
  return createResourceOperations<Image, ImageBody>(
    {
      kind: 'Image',
      path: '/v1/image',
      parameter: 'imageName',
      operationIds: {
        create: 'addImage',
        list: 'getImages',
        get: 'getImageByName',
        replace: 'updateImageByName',
        remove: 'deleteImageByName',
      },
      words: { one: 'an image', many: 'images' },
      bodySchema: imageBody,
      shownSchema: shownImage,
      errors: { create: ['NO_BASE_IMAGE'], replace: ['NO_BASE_IMAGE'] },
      notes: { remove: 'Functions that were made from it go on running on its content.' },
      entities: images,
      firstStatus: 'INITIALIZED',
      filters: { state: ({ status }) => status, language: ({ language }) => language },
      draft: async (org, body) => {
        const fields = await fieldsOf(org, body)
        return { complete: (common, held) => ({ ...notBuilt, ...held, ...common, ...fields }) }
      },
      render: renderImage,
      renderRemoved: entity => ({ ...renderImage(entity), status: 'DELETED' }),
    },
    context,
  )
}
