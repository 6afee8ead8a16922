/** REST operations on base images. */
import type { KindContext } from '../core/verbs.ts'
import type { Operation } from '../http/operation.ts'
import { createResourceOperations } from '../http/resource.ts'
import type { Collection } from '../store/port.ts'
import { type BaseImage, type BaseImageBody, baseImageBody, renderBaseImage, shownBaseImage } from './schema.ts'

export interface BaseImageRouteDependencies extends KindContext {
  baseImages: Collection<BaseImage>
}

export const createBaseImageOperations = ({ baseImages, ...context }: BaseImageRouteDependencies): Operation[] =>
  createResourceOperations<BaseImage, BaseImageBody>(
    {
      kind: 'BaseImage',
      path: '/v1/baseimage',
      parameter: 'baseImageName',
      operationIds: {
        create: 'addBaseImage',
        list: 'getBaseImages',
        get: 'getBaseImageByName',
        replace: 'updateBaseImageByName',
        remove: 'deleteBaseImageByName',
      },
      words: { one: 'a base image', many: 'base images' },
      bodySchema: baseImageBody,
      shownSchema: shownBaseImage,
      entities: baseImages,
      firstStatus: 'INITIALIZED',
      filters: { state: ({ status }) => status, language: ({ language }) => language },
      // Credentials are those that it names now: with another dockerUrl those of before would go to another registry.
      draft: (_, { dockerUrl, language, pullSecret }) => ({
        complete: common => ({
          ...common,
          dockerUrl,
          language,
          pullSecret: pullSecret || undefined,
          dockerImage: null,
        }),
      }),
      render: renderBaseImage,
    },
    context,
  )
