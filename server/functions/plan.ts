/** Decides what a function still needs, from its record and the state of its image. Pure. */
import type { ImageState } from '../core/ports.ts'
import type { ActiveVersion, FunctionEntity } from './schema.ts'

export type Step =
  | { do: 'nothing' }
  | { do: 'keep'; version: ActiveVersion; reason: string[] | null }
  | { do: 'wait' }
  | { do: 'fail'; reason: string }
  | { do: 'build'; version: ActiveVersion }
  | { do: 'remove' }

export const imageMissingReason = (functionName: string, image: string): string =>
  `Error when fetching image for function ${functionName}: failed to get image: '${image}': [Code: 404] image ${image} not found`

/** READY says that it can be called; this says what an update would meet. */
const imageGoneReason = (image: string): string =>
  `image ${image} was deleted: the function goes on running on its content; an update needs an image that exists`

/**
 * A failed function is looked at again when its image changes, so one that was created before its image
 * becomes READY by itself; one whose own code failed stays in ERROR until it is updated.
 */
export function planFunction(entity: FunctionEntity, image: ImageState): Step {
  const { id, name, status, wanted, active } = entity
  if (status === 'DELETING') return { do: 'remove' }
  if (status === 'READY' && active?.faasId === wanted.faasId) {
    return { do: 'keep', version: active, reason: image.state === 'absent' ? [imageGoneReason(wanted.image)] : null }
  }
  const failedByItself = status === 'ERROR' && entity.functionImageUrl !== null
  if (failedByItself) return { do: 'nothing' }
  if (image.state === 'absent') return { do: 'fail', reason: imageMissingReason(name, wanted.image) }
  if (image.state === 'error') {
    const cause = `image in error status for function '${id}', image name: '${wanted.image}', reason: [${image.reason.join('; ')}]`
    return { do: 'fail', reason: cause }
  }
  if (image.state === 'pending') return { do: 'wait' }
  const { dockerImage, language, contract } = image
  return { do: 'build', version: { ...wanted, dockerImage, language, contract } }
}
