/** Images as functions see them: the ImageReader port. */
import type { ImageReader } from '../core/ports.ts'
import type { Collection } from '../store/port.ts'
import { type Image, runtimeImageOf } from './schema.ts'

export const createImageReader = (images: Collection<Image>): ImageReader => ({
  find: async (org, name) => {
    const image = await images.get(org, name)
    if (!image || image.status === 'DELETING') return { state: 'absent' }
    if (image.status === 'ERROR') return { state: 'error', reason: image.reason ?? [] }
    const built = image.status === 'READY' ? runtimeImageOf(image) : undefined
    return built ? { state: 'ready', ...built } : { state: 'pending' }
  },
})
