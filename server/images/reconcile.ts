/** Carries out the plans for base images and images on Docker and the store. */
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { RuntimeImage } from '../core/execution.ts'
import { keyOf, parseKey } from '../core/reconciler.ts'
import { settle } from '../core/settle.ts'
import type { Docker, DockerImage } from '../docker/port.ts'
import type { Collection } from '../store/port.ts'
import { findAlias } from './aliases.ts'
import { labelsOfBuild } from './build-container.ts'
import type { Builds } from './builds.ts'
import { type Content, contractOf, languageOf, planContent } from './content.ts'
import type { ContentNames } from './names.ts'
import { createOwnNames } from './own-names.ts'
import { type BaseImageStep, type ImageFacts, type ImageStep, planBaseImage, planImage } from './plan.ts'
import type { PullBaseImage } from './pull.ts'
import type { PullPauses } from './pull-pauses.ts'
import { type BaseImage, type Image, runtimeImageOf } from './schema.ts'

export interface BaseImageDependencies {
  baseImages: Collection<BaseImage>
  docker: Docker
  clock: Clock
  /** Version of the runtime images that belong to this server. */
  runtimeVersion: string
  pull: PullBaseImage
  pauses: PullPauses
  /** Has the base image looked at again. */
  wakeBaseImageLater(key: string, ms: number): void
  /** Whether they stand in for base images of others. */
  runtimeAliases: boolean
  contentNames: ContentNames
}

export const imageReference = (registry: string, image: Image): string => `${registry}/${image.id}:latest`

export function createBaseImageReconcile(deps: BaseImageDependencies): (key: string) => Promise<void> {
  const { baseImages, docker, clock, pauses } = deps

  /** No name is left to what the tag was on before, unless images are on it. */
  const removeNameless = async (id: string): Promise<void> => {
    const left = (await docker.listImages({})).find(dockerImage => dockerImage.id === id)
    if (left?.tags.length === 0) await docker.removeImage(id)
  }

  const pull = async (
    entity: BaseImage,
    { reference, otherwise }: Extract<BaseImageStep, { do: 'pull' }>,
  ): Promise<BaseImageStep> => {
    const before = await docker.findImage(reference)
    const failure = await deps.pull(entity, reference).then(() => undefined, messageOf)
    if (failure !== undefined && otherwise !== undefined) return { do: 'ready', dockerImage: otherwise }
    if (failure !== undefined) {
      deps.wakeBaseImageLater(keyOf(entity), pauses.failed(keyOf(entity), reference))
      return { do: 'fail', reason: `error when pulling image ${reference}: ${failure}` }
    }
    await docker.tagImage(reference, deps.contentNames.pulled(reference))
    if (before) await removeNameless(before.id)
    return { do: 'ready', dockerImage: reference }
  }

  const execute = async (entity: BaseImage, step: BaseImageStep): Promise<void> => {
    if (step.do === 'remove') await baseImages.remove(entity.org, entity.name)
    if (step.do === 'remove' || step.do === 'ready') pauses.forget(keyOf(entity))
    if (step.do === 'ready') {
      await settle(baseImages, clock, { entity, to: { status: 'READY', reason: null, dockerImage: step.dockerImage } })
    }
    if (step.do === 'fail') await settle(baseImages, clock, { entity, to: { status: 'ERROR', reason: [step.reason] } })
    if (step.do !== 'pull') return
    // To write why it failed wakes the loop, too: texts that differ from try to try would keep it pulling.
    const leftMs = entity.status === 'ERROR' ? pauses.remainingMs(keyOf(entity), step.reference) : undefined
    if (leftMs !== undefined) deps.wakeBaseImageLater(keyOf(entity), leftMs)
    else await execute(entity, await pull(entity, step))
  }
  return async key => {
    const { org, name } = parseKey(key)
    const entity = await baseImages.get(org, name)
    if (!entity) return
    const alias = deps.runtimeAliases ? findAlias(entity.dockerUrl, deps.runtimeVersion) : undefined
    const references = [...(alias ? [alias.reference] : []), entity.dockerUrl]
    const images = await Promise.all(references.map(reference => docker.findImage(reference)))
    const found = references.find((_, index) => images[index] !== undefined)
    await execute(entity, planBaseImage(entity, { alias, found }))
  }
}

export interface ImageDependencies extends BaseImageDependencies {
  images: Collection<Image>
  builds: Pick<Builds, 'failureOf' | 'want' | 'leave'>
  /** Whose builds they are. */
  instanceId: string
  /** First part of the references of built images. */
  imageRegistry: string
}

export function createImageReconcile(deps: ImageDependencies): (key: string) => Promise<void> {
  const { baseImages, images, docker, builds, clock } = deps
  const ownNames = createOwnNames(docker, deps.contentNames)

  /** What Docker holds of the content: the base itself, or what was built for it at any time. */
  const find = async (
    content: Content | undefined,
    base: DockerImage | undefined,
  ): Promise<DockerImage | undefined> => {
    if (content?.kind === 'base') return base
    if (content?.kind !== 'build') return undefined
    const found = await docker.listImages(labelsOfBuild(deps.instanceId, content.request))
    // What somebody has built on it has the same labels, and is younger.
    return found.toSorted((one, other) => one.createdMs - other.createdMs)[0]
  }

  const gatherFacts = async (entity: Image): Promise<ImageFacts> => {
    const target = imageReference(deps.imageRegistry, entity)
    const base = await baseImages.get(entity.org, entity.baseImageName)
    const reference = base?.dockerImage ?? undefined
    const dockerImage = reference === undefined ? undefined : await docker.findImage(reference)
    const content =
      reference === undefined || dockerImage === undefined ? undefined : planContent(entity, { reference, dockerImage })
    const failed = content?.kind === 'build' ? builds.failureOf(content.request.hash) : undefined
    const [found, own] = await Promise.all([find(content, dockerImage), docker.findImage(target)])
    return { base, content, found, failed, own, target }
  }

  const settleAt = (entity: Image, to: Partial<Image>) => settle(images, clock, { entity, to })

  const use = async (entity: Image, { dockerImage, target }: Extract<ImageStep, { do: 'use' }>): Promise<void> => {
    await ownNames.move(dockerImage.id, target)
    const contract = contractOf(dockerImage)
    const runtimeLanguage = languageOf(dockerImage) ?? entity.language
    const built = { dockerUrl: target, dockerImageId: dockerImage.id, runtimeLanguage, contract }
    await settleAt(entity, { status: 'READY', reason: null, ...built })
  }

  return async key => {
    const { org, name } = parseKey(key)
    const entity = await images.get(org, name)
    if (!entity) return builds.leave(key)
    const facts = await gatherFacts(entity)
    const step = planImage(entity, facts)
    if (step.do === 'build' || step.do === 'retry') builds.want({ key, id: entity.id, org, name }, step.request)
    else builds.leave(key)
    if (step.do === 'build' && step.isShown) await settleAt(entity, { status: 'CREATING', reason: null })
    if (step.do === 'retry') await settleAt(entity, { status: step.status, reason: [step.reason] })
    if (step.do === 'use') await use(entity, step)
    if (step.do === 'fail') await settleAt(entity, { status: 'ERROR', reason: [step.reason] })
    if (step.do === 'remove') {
      await ownNames.remove(facts.target)
      await images.remove(org, name)
    }
  }
}

/** The Docker images that functions may run on right now. */
export async function listRuntimeImages(images: Collection<Image>): Promise<RuntimeImage[]> {
  const ready = (await images.list()).filter(image => image.status === 'READY').map(runtimeImageOf)
  const built = ready.filter(image => image !== undefined)
  return [...new Map(built.map(image => [image.dockerImage, image])).values()]
}
