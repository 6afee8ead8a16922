/** The loops that bring the resources of each kind to what is wanted, and which of them a change concerns. */
import { createApiReconcile } from './apis/reconcile.ts'
import type { Collections } from './collections.ts'
import { type Clock, type Ids, msOf } from './core/clock.ts'
import type { Entity, Kind } from './core/entity.ts'
import { isEntry, messageOf } from './core/errors.ts'
import type { Execution } from './core/execution.ts'
import type { Log, RunRemover, SecretReader } from './core/ports.ts'
import { createReconciler, keyOf, parseKey, type Reconciler } from './core/reconciler.ts'
import { noteFailure } from './core/settle.ts'
import type { Docker } from './docker/port.ts'
import type { Bus } from './events/bus.ts'
import { findDependents } from './events/collections.ts'
import { createDriverReconcile } from './events/driver-reconcile.ts'
import type { DriverRunners } from './events/driver-runners.ts'
import { createSubscriptionReconcile } from './events/reconcile.ts'
import type { Holds } from './functions/holds.ts'
import { createFunctionReconcile } from './functions/reconcile.ts'
import type { Retiring } from './functions/retiring.ts'
import type { Sources } from './functions/sources.ts'
import type { Builds } from './images/builds.ts'
import type { ContentNames } from './images/names.ts'
import { createPull, type PullLimits } from './images/pull.ts'
import { createPullPauses } from './images/pull-pauses.ts'
import { createImageReader } from './images/reader.ts'
import { createBaseImageReconcile, createImageReconcile } from './images/reconcile.ts'
import type { Change, Collection } from './store/port.ts'

export interface LoopDependencies {
  collections: Collections
  docker: Docker
  execution: Execution
  clock: Clock
  ids: Ids
  log: Log
  holds: Holds
  retiring: Retiring
  sources: Sources
  runs: RunRemover
  secrets: SecretReader
  driverRunners: DriverRunners
  imageBuilds: Builds
  /** Whose builds they are. */
  instanceId: string
  functionIdOf(org: string, name: string): Promise<string | undefined>
  bus: Pick<Bus, 'forget'>
  imageRegistry: string
  contentNames: ContentNames
  /** Version of the runtime images that belong to this server. */
  runtimeVersion: string
  pullLimits: PullLimits
  /** Of pulls that fail. `failures`: in a row, at least 1. */
  retryMsAfter(failures: number): number
  /** Whether they stand in for base images of others. */
  runtimeAliases: boolean
  resyncMs: number
  deleteGraceMs: number
}

export interface Loops {
  wakeAll(): Promise<void>
  /** The changed entity is looked at again, and what depends on it. */
  follow(change: Change): Promise<void>
  /** Something has become of a build that the image wants. */
  wakeImage(key: string): void
  /** Something has become of what runs it. */
  wakeDriver(driver: { org: string; name: string }): void
  /** Resolves when what is under way has ended. */
  stop(): Promise<void>
}

const maxParallel = 10
/** A load may take as long as its code likes. */
const slowLoadMs = 3_000

export function createLoops(deps: LoopDependencies): Loops {
  const { collections, log, resyncMs } = deps
  const loop = <T extends Entity>(
    kind: Kind,
    entities: Collection<T>,
    reconcile: (key: string) => Promise<void>,
    slowMs?: number,
  ) =>
    createReconciler({
      listKeys: async () => (await entities.keys()).map(keyOf),
      reconcile: async key => {
        try {
          await reconcile(key)
        } catch (thrown) {
          if (!isEntry(thrown, 'WRITE_CONFLICT')) throw thrown
          // Nothing has failed: what somebody wrote in between is looked at at once.
          loops[kind]?.wake(key)
        }
      },
      onError: (key, thrown) => {
        const cause = messageOf(thrown)
        log.warn({ kind, key, cause }, 'reconciling failed; it is tried again')
        noteFailure(entities, parseKey(key), cause).catch(failed =>
          log.warn({ kind, key, cause: messageOf(failed) }, 'its cause could not be noted'),
        )
      },
      resyncMs,
      maxParallel,
      slowMs,
    })
  const { baseImages, images, functions, apis, subscriptions, drivers } = collections
  const pauses = createPullPauses({ ...deps, nowMs: () => msOf(deps.clock.nowNs()) })
  const imageDeps = {
    ...deps,
    ...collections,
    builds: deps.imageBuilds,
    pull: createPull({ ...deps, limits: deps.pullLimits }),
    pauses,
    wakeBaseImageLater: (key: string, ms: number) => loops.BaseImage?.wakeLater(key, ms),
  }
  const eventDeps = { ...deps, ...collections, secrets: deps.secrets }
  const wakeFunction = (key: string): void => loops.Function?.wake(key)
  const functionDeps = { ...deps, functions, archives: collections.sources, wake: wakeFunction }
  const functionReconcile = createFunctionReconcile({ ...functionDeps, images: createImageReader(images) })
  const loops: Partial<Record<Kind, Reconciler>> = {
    BaseImage: loop('BaseImage', baseImages, createBaseImageReconcile(imageDeps)),
    Image: loop('Image', images, createImageReconcile(imageDeps)),
    Function: loop('Function', functions, functionReconcile.reconcile, slowLoadMs),
    API: loop('API', apis, createApiReconcile({ apis, clock: deps.clock })),
    Subscription: loop('Subscription', subscriptions, createSubscriptionReconcile(eventDeps)),
    Driver: loop(
      'Driver',
      drivers,
      createDriverReconcile({
        ...eventDeps,
        runners: deps.driverRunners,
        wakeLater: (key, ms) => loops.Driver?.wakeLater(key, ms),
      }),
    ),
  }

  /** The secret of its registry has changed: what failed without it may be well now. */
  const pullAnew = (key: string): void => {
    pauses.forget(key)
    loops.BaseImage?.wake(key)
  }

  return {
    wakeAll: async () => {
      await Promise.all(Object.values(loops).map(each => each.wakeAll()))
    },
    follow: async change => {
      const { kind, org, name } = change
      loops[kind]?.wake(keyOf({ org, name }))
      if (kind === 'Function') await functionReconcile.follow(keyOf({ org, name }))
      for (const dependent of await findDependents(collections, change)) loops[dependent.kind]?.wake(dependent.key)
      if (kind === 'Secret')
        for (const base of await baseImages.list(org)) if (base.pullSecret === name) pullAnew(keyOf(base))
      if (kind === 'BaseImage')
        for (const image of await images.list(org)) if (image.baseImageName === name) loops.Image?.wake(keyOf(image))
      if (kind === 'Image')
        for (const entity of await functions.list(org)) if (entity.wanted.image === name) wakeFunction(keyOf(entity))
    },
    wakeImage: key => loops.Image?.wake(key),
    wakeDriver: driver => loops.Driver?.wake(keyOf(driver)),
    stop: async () => {
      await Promise.all(Object.values(loops).map(each => each.stop()))
    },
  }
}
