/** Plans how a function is built and run on an image that others made, as the original did it. Pure. */
import { dockerLabel } from '../../core/docker-labels.ts'
import type { FunctionRevision } from '../../core/execution.ts'
import { functionImageReference } from '../../core/function-image.ts'
import type { ContainerSpec, DockerImage } from '../../docker/port.ts'
import type { EngineOptions } from '../options.ts'
import { instanceLabel } from '../plan-container.ts'
import { planProcesses } from '../plan-limits.ts'

const templateLabel = 'io.dispatchframework.functionTemplate'
const defaultTemplate = '/function-template'

const functionLabel = 'dispatch-function-id'
export const revisionLabel = 'dispatch-function-revision'
/** Of images of functions: those of other servers on the same Docker are not ours. */
export const functionInstanceLabel = dockerLabel('function-instance')
const parentLabel = dockerLabel('function-parent')
/** What marks an image's content as built by a server would be inherited, and is not true of the function's own. */
const notInherited = { [dockerLabel('build')]: '', [dockerLabel('build-instance')]: '' }

/** Of a container's own output, for the reason when it does not start. */
const logBytes = 64 * 1024

const labelsOf = ({ functionId, revisionId }: FunctionRevision) => ({
  [functionLabel]: functionId,
  [revisionLabel]: revisionId,
})

/** The folder of the image that holds the Dockerfile of functions. */
export const templateFolderOf = ({ labels }: DockerImage): string => labels[templateLabel] || defaultTemplate

export interface ImagePlan {
  reference: string
  args: Record<string, string>
  labels: Record<string, string>
}

type Facts = Pick<EngineOptions, 'instanceId' | 'imageRegistry'>

export const planFunctionImage = (revision: FunctionRevision, { instanceId, imageRegistry }: Facts): ImagePlan => ({
  reference: functionImageReference(imageRegistry, revision.revisionId),
  args: { IMAGE: revision.dockerImage, HANDLER: revision.handler },
  labels: {
    ...notInherited,
    ...labelsOf(revision),
    [functionInstanceLabel]: instanceId,
    [parentLabel]: revision.dockerImage,
  },
})

/** It may be older than a move of the function to another content. */
export const isBuiltFrom = ({ labels }: DockerImage, { dockerImage }: FunctionRevision): boolean =>
  labels[parentLabel] === dockerImage

/** Of the proxy of the original's images, which answers before the language servers behind it do. */
const proxyVersion = 'FUNKY_VERSION'
export const hasLanguageServer = ({ env }: Pick<DockerImage, 'env'>): boolean => env[proxyVersion] !== undefined

/** One call at a time, as in the original, unless the function says otherwise. */
export const concurrencyOf = ({ limits }: FunctionRevision): number => limits.concurrency ?? 1

export function planHttpContainer(
  revision: FunctionRevision,
  { instanceId, limits, dockerImage }: Pick<EngineOptions, 'instanceId' | 'limits'> & { dockerImage: string },
): ContainerSpec {
  const { memoryBytes, cpus } = { ...limits, ...revision.limits }
  const { concurrency, network = 'egress' } = revision.limits
  return {
    name: `dispatch-${revision.name}-${revision.revisionId}`,
    profile: 'foreign',
    dockerImage,
    command: [],
    // As many language servers as calls may be under way: what the original's images understand.
    env: concurrency === undefined ? {} : { SERVERS: String(concurrency) },
    labels: { ...labelsOf(revision), [instanceLabel]: instanceId },
    mounts: [],
    memoryBytes,
    cpus,
    maxProcesses: planProcesses(concurrencyOf(revision), limits),
    network: network === 'none' ? 'closed' : 'foreign',
    logBytes,
  }
}
