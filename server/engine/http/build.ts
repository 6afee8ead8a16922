/** Builds the Docker image of a function on an image of others, by the Dockerfile that this one brings for it. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FunctionLoadError, type FunctionRevision } from '../../core/execution.ts'
import { functionImageReference } from '../../core/function-image.ts'
import { createTurns } from '../../core/turns.ts'
import { unlessAborted } from '../../core/unless-aborted.ts'
import { BuildError, type DockerImage } from '../../docker/port.ts'
import type { ContainerOptions } from '../container.ts'
import { packFunction } from './context.ts'
import { functionInstanceLabel, isBuiltFrom, planFunctionImage, revisionLabel, templateFolderOf } from './plan.ts'

export interface FunctionImages {
  /** The function's image, built when there is none. Rejects with FunctionLoadError when the code is at fault. */
  ensure(revision: FunctionRevision, signal: AbortSignal): Promise<DockerImage>
  /** Harmless when there is none. */
  remove(revisionId: string): Promise<void>
  /** Those of this server. */
  removeUnless(isKept: (revisionId: string) => boolean): Promise<void>
}

export function createFunctionImages(options: ContainerOptions): FunctionImages {
  const { docker, imageRegistry, instanceId, limits } = options
  const turns = createTurns()
  /** Under way, by revision. One that is given up ends a little later than whoever waits for it. */
  const building = new Map<string, Promise<void>>()

  async function demandParent({ dockerImage }: FunctionRevision): Promise<DockerImage> {
    const parent = await docker.findImage(dockerImage)
    if (parent) return parent
    throw new Error(`the Docker image ${dockerImage} is not on this machine any more: create the image again`)
  }

  async function readTemplate(parent: DockerImage): Promise<AsyncIterable<Buffer>> {
    const folder = templateFolderOf(parent)
    const template = await docker.readFolder(parent.id, folder)
    if (template) return template
    throw new FunctionLoadError(
      `the image has no folder ${folder}, where the Dockerfile of its functions is to be (label io.dispatchframework.functionTemplate)`,
    )
  }

  async function build(revision: FunctionRevision, codeDir: string, signal: AbortSignal): Promise<void> {
    const parent = await demandParent(revision)
    const timeout = AbortSignal.timeout(limits.buildTimeoutMs)
    const { network = 'egress' } = revision.limits
    try {
      await docker.buildImage({
        ...planFunctionImage(revision, options),
        context: packFunction(codeDir, await readTemplate(parent)),
        instanceId,
        network,
        memoryBytes: limits.buildMemoryBytes,
        cpus: limits.cpus,
        onLine: () => undefined,
        signal: AbortSignal.any([signal, timeout]),
      })
    } catch (thrown) {
      if (timeout.aborted)
        throw new FunctionLoadError(`it was not built within ${limits.buildTimeoutMs / 1000} s`, { cause: thrown })
      throw thrown instanceof BuildError ? new FunctionLoadError(thrown.message, { cause: thrown }) : thrown
    }
  }

  async function buildFrom(revision: FunctionRevision, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    await options.sweep()
    const directory = join(options.containersDir, options.newContainerId())
    await mkdir(directory, { recursive: true })
    try {
      await revision.placeCode(directory)
      await build(revision, directory, signal)
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  }

  /** One at a time of each organization: builds take what they can of the machine. */
  const buildInTurn = (revision: FunctionRevision, signal: AbortSignal): Promise<void> =>
    turns(revision.org, () => {
      const build = buildFrom(revision, signal).finally(() => building.delete(revision.revisionId))
      building.set(revision.revisionId, build)
      return build
    })

  return {
    ensure: async (revision, signal) => {
      const reference = functionImageReference(imageRegistry, revision.revisionId)
      const found = await docker.findImage(reference)
      if (found && isBuiltFrom(found, revision)) return found
      await unlessAborted(signal, buildInTurn(revision, signal))
      const built = await docker.findImage(reference)
      if (!built) throw new Error(`the Docker image ${reference} was removed as soon as it was built`)
      if (found && found.id !== built.id) await docker.removeImage(found.id)
      return built
    },
    remove: async revisionId => {
      await building.get(revisionId)?.catch(() => undefined)
      await docker.removeImage(functionImageReference(imageRegistry, revisionId))
    },
    removeUnless: async isKept => {
      for (const { id, labels } of await docker.listImages({ [functionInstanceLabel]: instanceId }))
        if (!isKept(labels[revisionLabel] ?? '')) await docker.removeImage(id)
    },
  }
}
