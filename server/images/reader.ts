/** Images as functions see them: the ImageReader port. */
import type { ImageReader } from '../core/ports.ts'
import type { Collection } from '../store/port.ts'
import type { Image } from './schema.ts'

export const createImageReader = (images: Collection<Image>): ImageReader => ({
  find: async (org, name) => {
    const image = await images.get(org, name)
    if (!image || image.status === 'DELETING') return { state: 'absent' }
    if (image.status === 'ERROR') return { state: 'error', reason: image.reason ?? [] }
    if (image.status !== 'READY' || image.dockerImageId === null) return { state: 'pending' }
    return { state: 'ready', dockerImage: image.dockerImageId, language: image.runtimeLanguage }
  },
})
