/** Removes the Docker images that nothing uses: at once when it is asked to, by itself after a while. */
import { type Clock, msOf } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { ContentUser, Log } from '../core/ports.ts'
import { createSweeping, type Sweeping } from '../core/sweeping.ts'
import type { Docker } from '../docker/port.ts'
import type { Collection } from '../store/port.ts'
import type { ContentNames } from './names.ts'
import type { BaseImage, Image } from './schema.ts'
import { planSweep, type Unused } from './sweep.ts'

export interface ImageSweeperDependencies {
  docker: Pick<Docker, 'listImages' | 'removeImage' | 'imageDisk'>
  baseImages: Pick<Collection<BaseImage>, 'list'>
  images: Pick<Collection<Image>, 'list'>
  functions: ContentUser
  names: ContentNames
  clock: Clock
  log: Log
  /** Between two looks. */
  periodMs: number
  /** What is not used for so long is removed without being asked for: until then it need not be built or pulled again. */
  graceMs: number
}

export interface Pruned {
  removed: Unused[]
  freedBytes: number
}

export interface ImageSweeper extends Pick<Sweeping, 'start' | 'stop'> {
  listUnused(): Promise<Unused[]>
  /** Removes what is unused now, but for what a container is of. */
  prune(): Promise<Pruned>
}

export function createImageSweeper(deps: ImageSweeperDependencies): ImageSweeper {
  const { docker, names, clock, log } = deps
  /** By id, in Unix milliseconds. */
  let idleSinceMs = new Map<string, number>()
  const nowMs = (): number => msOf(clock.nowNs())

  const listUnused = async (): Promise<Unused[]> => {
    const listed = await docker.listImages({})
    const known = listed.filter(({ tags }) => tags.some(names.isOurs))
    if (known.length === 0) return []
    const images = (await deps.images.list()).flatMap(({ dockerImageId }) => dockerImageId ?? [])
    const used = new Set([...images, ...(await deps.functions.dockerImages())])
    const references = (await deps.baseImages.list()).map(({ dockerUrl }) => dockerUrl)
    return planSweep({ dockerImages: known, used, references, nowMs: nowMs() }, names)
  }

  const remove = async (unused: Unused[]): Promise<Unused[]> => {
    const removed: Unused[] = []
    for (const each of unused) {
      let isGone = true
      for (const name of each.names) isGone &&= await docker.removeImage(name)
      if (isGone) removed.push(each)
    }
    for (const { dockerImage, names: gone } of removed)
      log.info({ dockerImage: dockerImage.id, names: gone }, 'a Docker image that nothing used was removed')
    return removed
  }

  const sweep = async (): Promise<void> => {
    const unused = await listUnused()
    const now = nowMs()
    idleSinceMs = new Map(unused.map(({ dockerImage: { id } }) => [id, idleSinceMs.get(id) ?? now]))
    await remove(unused.filter(({ dockerImage: { id } }) => now - (idleSinceMs.get(id) ?? now) >= deps.graceMs))
  }

  const { start, stop } = createSweeping({
    sweep,
    onError: thrown => log.warn({ cause: messageOf(thrown) }, 'unused Docker images could not be removed'),
    periodMs: deps.periodMs,
  })
  return {
    start,
    stop,
    listUnused,
    prune: async () => {
      const before = await docker.imageDisk()
      const removed = await remove(await listUnused())
      return { removed, freedBytes: Math.max(0, before - (await docker.imageDisk())) }
    },
  }
}
