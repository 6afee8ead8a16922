/** The pools of this machine: one for each image and kind of network, filled while functions may ask for it. */
import type { FunctionRevision, NetworkKind, PoolStats, RuntimeImage } from '../core/execution.ts'
import type { RuntimeContainer } from './container.ts'
import type { EngineLimits, EngineLog } from './options.ts'
import { createPool, type Pool } from './pool.ts'

export interface PoolsOptions {
  start(image: RuntimeImage, network: NetworkKind): Promise<RuntimeContainer>
  limits: Pick<EngineLimits, 'poolSize' | 'startsAtOnce' | 'refillPauseMs'>
  log: EngineLog
}

export interface Pools {
  setImages(images: RuntimeImage[]): void
  /** `waited`: none was ready. From then on the revision is a user of its pool. */
  take(revision: FunctionRevision): Promise<{ container: RuntimeContainer; waited: boolean }>
  /** It is run no more. */
  forget(revisionId: string): void
  stats(): PoolStats[]
  close(): Promise<void>
}

interface Entry {
  pool: Pool
  image: RuntimeImage
  network: NetworkKind
  /** Ids of the revisions that have taken containers, asleep or not: when they wake they are to find one ready. */
  users: Set<string>
}

export function createPools({ start, limits, log }: PoolsOptions): Pools {
  const entries = new Map<string, Entry>()
  let declared = new Set<string>()

  function entryOf({ dockerImage, language, contract }: RuntimeImage, network: NetworkKind): Entry {
    const key = `${network} ${dockerImage}`
    const known = entries.get(key)
    if (known) return known
    const image = { dockerImage, language, contract }
    const { startsAtOnce, refillPauseMs } = limits
    const pool = createPool({ size: 0, startsAtOnce, refillPauseMs, start: () => start(image, network), log })
    const created = { pool, image, network, users: new Set<string>() }
    entries.set(key, created)
    return created
  }

  /** An image that is not declared (any more) has its containers started one by one; so has a network that nobody uses. */
  function adjust(entry: Entry): void {
    const isWanted = declared.has(entry.image.dockerImage) && (entry.network === 'egress' || entry.users.size > 0)
    entry.pool.resize(isWanted ? limits.poolSize : 0)
    if (isWanted || entry.users.size > 0 || entry.pool.busy) return
    entries.delete(`${entry.network} ${entry.image.dockerImage}`)
  }

  return {
    setImages: images => {
      declared = new Set(images.map(({ dockerImage }) => dockerImage))
      for (const image of images) entryOf(image, 'egress')
      for (const entry of entries.values()) adjust(entry)
    },
    take: async revision => {
      const entry = entryOf(revision, revision.limits.network ?? 'egress')
      const waited = entry.pool.ready === 0
      const isFirst = entry.users.size === 0
      entry.users.add(revision.revisionId)
      if (isFirst) adjust(entry)
      return { container: await entry.pool.take(), waited }
    },
    forget: revisionId => {
      for (const entry of entries.values()) if (entry.users.delete(revisionId)) adjust(entry)
    },
    stats: () =>
      [...entries.values()].map(({ pool, image, network }) => {
        return { dockerImage: image.dockerImage, network, ready: pool.ready, starting: pool.starting }
      }),
    close: async () => {
      declared = new Set()
      await Promise.all([...entries.values()].map(({ pool }) => pool.close()))
    },
  }
}
