/** Decides what a base image or an image still needs, from what is wanted and what Docker has. Pure. */
import type { DockerImage } from '../docker/port.ts'
import type { Alias } from './aliases.ts'
import type { Failed } from './builds.ts'
import type { BuildRequest, Content } from './content.ts'
import type { BaseImage, Image } from './schema.ts'

type CommonStep = { do: 'nothing' } | { do: 'fail'; reason: string } | { do: 'remove' }
export type BaseImageStep =
  | CommonStep
  /** `otherwise`: what it stays on when the pull fails. */
  | { do: 'pull'; reference: string; otherwise?: string }
  | { do: 'ready'; dockerImage: string }
export type ImageStep =
  | CommonStep
  | { do: 'wait' }
  | { do: 'use'; dockerImage: DockerImage; target: string }
  /** `isShown`: the status says so, for there is nothing yet that functions could run on, nor a reason why not. */
  | { do: 'build'; request: BuildRequest; isShown: boolean }
  /** Later. With READY functions go on being made from what was built before. */
  | { do: 'retry'; request: BuildRequest; status: 'READY' | 'ERROR'; reason: string }

export interface BaseImageFacts {
  /** The runtime that stands in for the URL, when it is one of ours. */
  alias: Alias | undefined
  /** Under which reference Docker holds it: that of the alias, or else the URL. */
  found: string | undefined
}

export function planBaseImage(base: BaseImage, { alias, found }: BaseImageFacts): BaseImageStep {
  if (base.status === 'DELETING') return { do: 'remove' }
  // Its tag may have moved since; runtimes of ours come with the server.
  if (found === base.dockerUrl && base.status === 'UPDATING') return { do: 'pull', reference: found, otherwise: found }
  if (found !== undefined)
    return base.status === 'READY' && base.dockerImage === found
      ? { do: 'nothing' }
      : { do: 'ready', dockerImage: found }
  if (!alias) return { do: 'pull', reference: base.dockerUrl }
  return { do: 'fail', reason: `error when pulling image ${base.dockerUrl}: ${describeAbsence(alias)}` }
}

/** Some runtimes are too large for the appliance, or cannot be handed on with it. */
const describeAbsence = ({ language, reference }: Alias): string =>
  `the runtime ${language} (${reference}) is not on this machine; load its file with: docker load -i ${language}.tar.gz, which is published beside the appliance; in a checkout, npm run runtimes makes and loads it`

export interface ImageFacts {
  base: BaseImage | undefined
  /** What it is to hold; undefined while its base is not on this machine. */
  content: Content | undefined
  /** What Docker holds of that. */
  found: DockerImage | undefined
  /** Of the build of it. */
  failed: Failed | undefined
  /** What Docker holds under the image's own name. */
  own: DockerImage | undefined
  target: string
}

export function planImage(image: Image, facts: ImageFacts): ImageStep {
  const { base, content, found, failed, own, target } = facts
  if (image.status === 'DELETING') return { do: 'remove' }
  const isUsable = image.status === 'READY' && own !== undefined && own.id === image.dockerImageId
  const stay = (otherwise: ImageStep): ImageStep => (isUsable ? { do: 'nothing' } : otherwise)
  if (!base) return stay({ do: 'fail', reason: `base image ${image.baseImageName} not found` })
  if (base.status === 'ERROR') {
    return stay({ do: 'fail', reason: `base image ${base.name} is in status ERROR: ${base.reason?.join('; ') ?? ''}` })
  }
  if (base.status !== 'READY' || !content) return stay({ do: 'wait' })
  if (content.kind === 'impossible') return { do: 'fail', reason: content.reason }
  if (found) {
    const isAsWanted = isUsable && own.id === found.id && image.reason === null
    return isAsWanted ? { do: 'nothing' } : { do: 'use', dockerImage: found, target }
  }
  // Nothing has to be built of the base itself: it has gone since it was looked for.
  if (content.kind === 'base') return stay({ do: 'wait' })
  const { request } = content
  if (!failed) return { do: 'build', request, isShown: !isUsable && image.status !== 'ERROR' }
  const reason = renderFailure(target, failed)
  return isUsable
    ? { do: 'retry', request, status: 'READY', reason: `functions get what was built before: ${reason}` }
    : { do: 'retry', request, status: 'ERROR', reason }
}

/** The first words are those of the original, as is the output below. */
function renderFailure(target: string, { cause, output, retryAtMs }: Failed): string {
  const retry = `it is tried again at ${new Date(retryAtMs).toISOString()}`
  return `failed to build image '${target}': ${cause}; ${retry}${output === '' ? '' : `\n${output}`}`
}
