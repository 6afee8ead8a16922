/** The container of one function on an image of others: made, asked over HTTP, removed. */
import { setTimeout as pause } from 'node:timers/promises'
import { messageOf } from '../../core/errors.ts'
import type { FunctionRevision } from '../../core/execution.ts'
import type { DockerImage } from '../../docker/port.ts'
import type { ContainerOptions, FunctionContainer } from '../container.ts'
import { createUndo } from '../undo.ts'
import { boundDisk } from './disk.ts'
import { createPlace } from './place.ts'
import { concurrencyOf, hasLanguageServer, planHttpContainer } from './plan.ts'
import { createHttpWorker } from './worker.ts'

export interface HttpContainerRequest {
  revision: FunctionRevision
  /** The function's own. */
  image: DockerImage
  /** Nobody needs it any more. */
  signal: AbortSignal
}

/** Resolves when Docker has made it; it is started by `startWorker`, and again whenever it has ended. What was begun is taken back when that fails. */
export async function createHttpContainer(
  { revision, image, signal }: HttpContainerRequest,
  options: ContainerOptions,
): Promise<FunctionContainer> {
  const { docker, limits } = options
  const undo = createUndo()
  try {
    await options.sweep()
    const spec = planHttpContainer(revision, { ...options, dockerImage: image.id })
    const forget = options.expect(spec.name)
    await undo.add(forget)
    const dockerId = await createWhenFree(() => docker.createContainer(spec), signal)
    await undo.add(() => options.removeFromDocker(dockerId))
    const place = createPlace({ docker, dockerId, hasLanguageServer: hasLanguageServer(image), limits, signal })
    options.watchEnd(dockerId, place.ended)
    void boundDisk({ docker, dockerId, place, limits })
    let workers = 0
    return {
      id: spec.name,
      lost: place.lost,
      startWorker: async () => {
        await place.reach()
        workers += 1
        return createHttpWorker({ number: workers, capacity: concurrencyOf(revision), place, limits })
      },
      memory: () => docker.memoryOf(dockerId),
      remove: (reason = 'it was removed') => {
        place.lose(reason)
        return undo.run()
      },
    }
  } catch (thrown) {
    await undo.run()
    throw thrown
  }
}

const maxTries = 40
const pauseMs = 250

/** Docker gives a name free a little later than it tells the end of its container. */
async function createWhenFree(create: () => Promise<string>, signal: AbortSignal): Promise<string> {
  for (let left = maxTries; ; left -= 1) {
    try {
      return await create()
    } catch (thrown) {
      if (left === 0 || !/already in use/.test(messageOf(thrown))) throw thrown
      await pause(pauseMs, undefined, { signal })
    }
  }
}
