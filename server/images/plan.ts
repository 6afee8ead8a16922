/** Decides what a base image or an image still needs, from what is wanted and what Docker has. Pure. */
import { dockerLabel } from '../core/docker-labels.ts'
import type { Contract } from '../core/execution.ts'
import type { DockerImage } from '../docker/port.ts'
import { runtimeLanguages } from './aliases.ts'
import { missingPackages } from './dependencies.ts'
import type { BaseImage, Image } from './schema.ts'

export type Step =
  | { do: 'nothing' }
  | { do: 'wait' }
  | { do: 'pull'; reference: string }
  | { do: 'tag'; reference: string; target: string; dockerImageId: string; language: string; contract: Contract }
  | { do: 'ready'; dockerImage: string }
  | { do: 'fail'; reason: string }
  | { do: 'remove' }

interface Alias {
  language: string
  reference: string
}

export interface BaseImageFacts {
  /** The runtime that stands in for the URL, when it is one of ours. */
  alias: Alias | undefined
  /** What Docker holds under the alias, or else under the URL itself. */
  found: DockerImage | undefined
}

export function planBaseImage(base: BaseImage, { alias, found }: BaseImageFacts): Step {
  if (base.status === 'DELETING') return { do: 'remove' }
  const dockerImage = alias?.reference ?? base.dockerUrl
  if (found)
    return base.status === 'READY' && base.dockerImage === dockerImage
      ? { do: 'nothing' }
      : { do: 'ready', dockerImage }
  if (!alias) return { do: 'pull', reference: base.dockerUrl }
  return { do: 'fail', reason: `error when pulling image ${base.dockerUrl}: ${describeAbsence(alias)}` }
}

const describeAbsence = ({ language, reference }: Alias): string =>
  runtimeLanguages.includes(language)
    ? `the runtime ${language} (${reference}) is not on this machine; load its archive with: docker load -i ${language}.tar, which npm run runtimes leaves in build/runtimes`
    : `this version has no runtime for ${language}, only for ${runtimeLanguages.join(' and ')}`

export interface ImageFacts {
  base: BaseImage | undefined
  baseDockerImage: DockerImage | undefined
  /** Whether Docker still has the image's own tag on the base's content. */
  built: boolean
  target: string
}

export function planImage(image: Image, facts: ImageFacts): Step {
  const { base, baseDockerImage, built, target } = facts
  if (image.status === 'DELETING') return { do: 'remove' }
  const settled = image.status === 'READY' && built
  if (!base) return settled ? { do: 'nothing' } : { do: 'fail', reason: `base image ${image.baseImageName} not found` }
  if (base.status === 'ERROR') {
    return settled
      ? { do: 'nothing' }
      : { do: 'fail', reason: `base image ${base.name} is in status ERROR: ${base.reason?.join('; ') ?? ''}` }
  }
  if (base.status !== 'READY' || !base.dockerImage || !baseDockerImage)
    return settled ? { do: 'nothing' } : { do: 'wait' }
  const language = baseDockerImage.labels[dockerLabel('language')]
  if (!language) {
    return {
      do: 'fail',
      reason: `failed to build image '${target}': ${base.dockerImage} holds no Dispatch Solo runtime (label ${dockerLabel('language')})`,
    }
  }
  const missing = missingPackages({
    image,
    language,
    packagesJson: baseDockerImage.labels[dockerLabel('packages')] ?? '{}',
  })
  if (missing.length > 0) {
    const advice = 'building dependencies into images is not part of this version'
    return {
      do: 'fail',
      reason: `failed to build image '${target}': the runtime ${language} does not hold ${missing.join(', ')}, and ${advice}`,
    }
  }
  return settled
    ? { do: 'nothing' }
    : {
        do: 'tag',
        reference: base.dockerImage,
        target,
        dockerImageId: baseDockerImage.id,
        language,
        contract: 'worker',
      }
}
