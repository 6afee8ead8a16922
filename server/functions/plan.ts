/** Decides what a function still needs, from its record and the state of its image. Pure. */
import type { ImageState } from '../core/ports.ts'
import type { ActiveVersion, FunctionEntity, FunctionVersion } from './schema.ts'

type ReadyImage = Extract<ImageState, { state: 'ready' }>

export type Step =
  | { do: 'nothing' }
  | { do: 'keep'; version: ActiveVersion; reason: string[] | null }
  | { do: 'wait' }
  | { do: 'fail'; reason: string }
  | { do: 'build'; version: ActiveVersion }
  /** The version is the one that answers, on other content: it needs a faasId of its own. */
  | { do: 'move'; version: ActiveVersion }
  | { do: 'remove' }

export const imageMissingReason = (functionName: string, image: string): string =>
  `Error when fetching image for function ${functionName}: failed to get image: '${image}': [Code: 404] image ${image} not found`

/** READY says that it can be called; this says what an update would meet. */
const imageGoneReason = (image: string): string =>
  `image ${image} was deleted: the function goes on running on its content; an update needs an image that exists`

export const stayReason = (image: string, cause: string): string =>
  `image ${image} has changed, and the function goes on running on its former content, because its code does not load on the new one: ${cause}; update the function or the image`

const isOn = ({ dockerImage, contract = 'worker' }: ActiveVersion, image: ReadyImage): boolean =>
  dockerImage === image.dockerImage && contract === image.contract

const putOn = <Version extends FunctionVersion>(version: Version, image: ReadyImage): ActiveVersion & Version => {
  const { dockerImage, language, contract } = image
  return { ...version, dockerImage, language, contract }
}

/** It follows its image to other content, and stays where it is when its code was tried there in vain. */
function planReady({ wanted, refused }: FunctionEntity, active: ActiveVersion, image: ImageState): Step {
  const keep = (reason: string[] | null): Step => ({ do: 'keep', version: active, reason })
  if (image.state === 'absent') return keep([imageGoneReason(wanted.image)])
  if (image.state !== 'ready' || isOn(active, image)) return keep(null)
  if (refused?.dockerImage === image.dockerImage) return keep([refused.reason])
  return { do: 'move', version: putOn(active, image) }
}

/** Code that could not be loaded is tried again on other content: what it lacked may be in it. */
function isInVain({ status, functionImageUrl, refused }: FunctionEntity, image: ImageState): boolean {
  if (status !== 'ERROR' || functionImageUrl === null) return false
  return image.state !== 'ready' || !refused || refused.dockerImage === image.dockerImage
}

/**
 * A failed function is looked at again when its image changes, so one that was created before its image
 * becomes READY by itself; one whose own code failed stays in ERROR until it is updated, or its image is.
 */
export function planFunction(entity: FunctionEntity, image: ImageState): Step {
  const { id, name, status, wanted, active } = entity
  if (status === 'DELETING') return { do: 'remove' }
  if (status === 'READY' && active?.faasId === wanted.faasId) return planReady(entity, active, image)
  if (isInVain(entity, image)) return { do: 'nothing' }
  if (image.state === 'absent') return { do: 'fail', reason: imageMissingReason(name, wanted.image) }
  if (image.state === 'error') {
    const cause = `image in error status for function '${id}', image name: '${wanted.image}', reason: [${image.reason.join('; ')}]`
    return { do: 'fail', reason: cause }
  }
  if (image.state === 'pending') return { do: 'wait' }
  return { do: 'build', version: putOn(wanted, image) }
}
