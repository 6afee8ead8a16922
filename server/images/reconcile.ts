/** Carries out the plans for base images and images on Docker and the store. */
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { RuntimeImage } from '../core/execution.ts'
import { parseKey } from '../core/reconciler.ts'
import { settle } from '../core/settle.ts'
import type { Docker } from '../docker/port.ts'
import type { Collection } from '../store/port.ts'
import { aliasLanguage, runtimeReference } from './aliases.ts'
import { planBaseImage, planImage, type Step } from './plan.ts'
import { type BaseImage, type Image, runtimeImageOf } from './schema.ts'

export interface ImageDependencies {
  baseImages: Collection<BaseImage>
  images: Collection<Image>
  docker: Docker
  clock: Clock
  /** First part of the references of built images. */
  imageRegistry: string
  /** Version of the runtime images that belong to this server. */
  runtimeVersion: string
  pullTimeoutMs: number
}

export const imageReference = (registry: string, image: Image): string => `${registry}/${image.id}:latest`

export function createBaseImageReconcile(deps: ImageDependencies): (key: string) => Promise<void> {
  const { baseImages, docker, clock } = deps
  const execute = async (entity: BaseImage, step: Step): Promise<void> => {
    if (step.do === 'remove') await baseImages.remove(entity.org, entity.name)
    if (step.do === 'ready') {
      await settle(baseImages, clock, { entity, to: { status: 'READY', reason: null, dockerImage: step.dockerImage } })
    }
    if (step.do === 'fail') await settle(baseImages, clock, { entity, to: { status: 'ERROR', reason: [step.reason] } })
    if (step.do === 'pull') {
      const failure = await docker
        .pullImage(step.reference, { timeoutMs: deps.pullTimeoutMs })
        .then(() => undefined, messageOf)
      if (failure === undefined) return execute(entity, { do: 'ready', dockerImage: step.reference })
      await execute(entity, { do: 'fail', reason: `error when pulling image ${step.reference}: ${failure}` })
    }
  }
  return async key => {
    const { org, name } = parseKey(key)
    const entity = await baseImages.get(org, name)
    if (!entity) return
    const language = aliasLanguage(entity.dockerUrl)
    const alias =
      language === undefined ? undefined : { language, reference: runtimeReference(language, deps.runtimeVersion) }
    const found = await docker.findImage(alias?.reference ?? entity.dockerUrl)
    await execute(entity, planBaseImage(entity, { alias, found }))
  }
}

export function createImageReconcile(deps: ImageDependencies): (key: string) => Promise<void> {
  const { baseImages, images, docker, clock } = deps
  const execute = async (entity: Image, step: Step): Promise<void> => {
    const target = imageReference(deps.imageRegistry, entity)
    if (step.do === 'remove') {
      await docker.removeImage(target)
      await images.remove(entity.org, entity.name)
    }
    if (step.do === 'fail') await settle(images, clock, { entity, to: { status: 'ERROR', reason: [step.reason] } })
    if (step.do === 'tag') {
      await docker.tagImage(step.reference, step.target)
      const { target: dockerUrl, dockerImageId, language: runtimeLanguage, contract } = step
      const to = { status: 'READY', reason: null, dockerUrl, dockerImageId, runtimeLanguage, contract } as const
      await settle(images, clock, { entity, to })
    }
  }
  return async key => {
    const { org, name } = parseKey(key)
    const entity = await images.get(org, name)
    if (!entity) return
    const target = imageReference(deps.imageRegistry, entity)
    const base = await baseImages.get(org, entity.baseImageName)
    const baseDockerImage = base?.dockerImage ? await docker.findImage(base.dockerImage) : undefined
    const own = await docker.findImage(target)
    const built = own !== undefined && (!baseDockerImage || own.id === baseDockerImage.id)
    await execute(entity, planImage(entity, { base, baseDockerImage, built, target }))
  }
}

/** The Docker images that functions may run on right now. */
export async function listRuntimeImages(images: Collection<Image>): Promise<RuntimeImage[]> {
  const ready = (await images.list()).filter(image => image.status === 'READY').map(runtimeImageOf)
  const built = ready.filter(image => image !== undefined)
  return [...new Map(built.map(image => [image.dockerImage, image])).values()]
}
