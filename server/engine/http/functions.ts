/** Functions on images of others: each has a Docker image and a container of its own. */
import { messageOf } from '../../core/errors.ts'
import type { FunctionRevision } from '../../core/execution.ts'
import type { ContainerOptions, FunctionContainer } from '../container.ts'
import type { Loaded } from '../load.ts'
import { createFunctionImages } from './build.ts'
import { createHttpContainer } from './container.ts'

export interface HttpFunctions {
  /** See HomeOptions.open. */
  open(revision: FunctionRevision, signal: AbortSignal): Promise<Loaded>
  /** The revision is not run any more: its Docker image goes. Never rejects; what a crash leaves goes at the next start. */
  forget(revisionId: string): Promise<void>
  /** See Execution. */
  keepOnly(revisionIds: readonly string[]): Promise<void>
}

export interface HttpFunctionOptions extends ContainerOptions {
  /** A container is about to be started. */
  onStart(): void
}

export function createHttpFunctions(options: HttpFunctionOptions): HttpFunctions {
  const images = createFunctionImages(options)
  /** Its successor has the same name. */
  const removals = new Map<string, Promise<void>>()
  /** In this life of the server. */
  const opened = new Set<string>()

  const tell = (thrown: unknown): void =>
    options.log.warn(
      { cause: messageOf(thrown) },
      'the Docker image of a function could not be removed; the next start does it',
    )

  function remembering({ revisionId }: FunctionRevision, container: FunctionContainer): FunctionContainer {
    const remove = (reason?: string) => {
      const removal = container.remove(reason).finally(() => removals.delete(revisionId))
      removals.set(revisionId, removal)
      return removal
    }
    return { ...container, remove }
  }

  return {
    open: async (revision, signal) => {
      opened.add(revision.revisionId)
      await removals.get(revision.revisionId)
      const image = await images.ensure(revision, signal)
      options.onStart()
      const container = remembering(revision, await createHttpContainer({ revision, image, signal }, options))
      try {
        return { container, worker: await container.startWorker() }
      } catch (thrown) {
        await container.remove()
        throw thrown
      }
    },
    forget: async revisionId => {
      opened.delete(revisionId)
      await images.remove(revisionId).catch(thrown => tell(thrown))
    },
    keepOnly: async revisionIds => {
      const kept = new Set(revisionIds)
      const isKept = (revisionId: string) => kept.has(revisionId) || opened.has(revisionId)
      await images.removeUnless(isKept).catch(thrown => tell(thrown))
    },
  }
}
