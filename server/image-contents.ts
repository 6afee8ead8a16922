/** The names of Docker images that this server keeps, and what removes those that nothing uses, wired. */
import type { Collections } from './collections.ts'
import type { Clock } from './core/clock.ts'
import type { Log } from './core/ports.ts'
import type { Docker } from './docker/port.ts'
import { createContentUser } from './functions/content-user.ts'
import type { Retiring } from './functions/retiring.ts'
import { type ContentNames, createContentNames } from './images/names.ts'
import { createImageSweeper, type ImageSweeper } from './images/sweeper.ts'

export interface ImageContentParts {
  collections: Collections
  retiring: Retiring
  docker: Docker
  clock: Clock
  log: Log
  imageRegistry: string
  /** Whose they are. */
  instanceId: string
}

export interface ImageContents {
  names: ContentNames
  sweeper: ImageSweeper
}

const periodMs = 60_000
/** What is wanted again until then need not be built again. */
const graceMs = 10 * 60_000

export function createImageContents(parts: ImageContentParts): ImageContents {
  const { collections, retiring, docker, clock, log } = parts
  const { baseImages, images } = collections
  const names = createContentNames(parts.imageRegistry, parts.instanceId)
  const functions = createContentUser({ functions: collections.functions, retiring })
  const sweeper = createImageSweeper({ docker, baseImages, images, functions, names, clock, log, periodMs, graceMs })
  return { names, sweeper }
}
