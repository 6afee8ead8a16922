/** The pools of this machine: one for each image and kind of network, filled while functions may ask for it. */
import type { FunctionRevision, NetworkKind, PoolStats, RuntimeImage } from '../core/execution.ts'
import type { RuntimeContainer } from './container.ts'
import type { EngineLimits, EngineLog } from './options.ts'
import { createPool, type Pool } from './pool.ts'

export interface PoolsOptions {
  start(image: RuntimeImage, network: NetworkKind): Promise<RuntimeContainer>
  limits: Pick<EngineLimits, 'poolSize' | 'maxPooled' | 'startsAtOnce' | 'refillPauseMs'>
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
  size: number
  image: RuntimeImage
  network: NetworkKind
  /** Ids of the revisions that have taken containers, asleep or not: when they wake they are to find one ready. */
  users: Set<string>
}

export function createPools({ start, limits, log }: PoolsOptions): Pools {
  /** The one used last comes last. */
  const entries = new Map<string, Entry>()
  let declared = new Set<string>()

  function entryOf({ dockerImage, language, contract }: RuntimeImage, network: NetworkKind): Entry {
    const key = keyOf(dockerImage, network)
    const known = entries.get(key)
    if (known) return known
    const image = { dockerImage, language, contract }
    const { startsAtOnce, refillPauseMs } = limits
    const pool = createPool({ size: 0, startsAtOnce, refillPauseMs, start: () => start(image, network), log })
    const created = { pool, size: 0, image, network, users: new Set<string>() }
    entries.set(key, created)
    return created
  }

  const isWanted = ({ image, network, users }: Entry): boolean =>
    declared.has(image.dockerImage) && (network === 'egress' || users.size > 0)

  /** What was used last has its containers ready first. What is beyond the total, or not wanted, has them started one by one. */
  function adjust(): void {
    let left = limits.maxPooled
    for (const [key, entry] of [...entries].reverse()) {
      const size = isWanted(entry) ? Math.min(limits.poolSize, left) : 0
      left -= size
      // Otherwise it may be waiting before it fills itself again.
      if (size !== entry.size) entry.pool.resize(size)
      entry.size = size
      if (!isWanted(entry) && entry.users.size === 0 && !entry.pool.busy) entries.delete(key)
    }
  }

  function use(entry: Entry, { revisionId }: FunctionRevision): void {
    const key = keyOf(entry.image.dockerImage, entry.network)
    entries.delete(key)
    entries.set(key, entry)
    entry.users.add(revisionId)
    adjust()
  }

  return {
    setImages: images => {
      declared = new Set(images.map(({ dockerImage }) => dockerImage))
      for (const image of images) entryOf(image, 'egress')
      adjust()
    },
    take: async revision => {
      const entry = entryOf(revision, revision.limits.network ?? 'egress')
      const waited = entry.pool.ready === 0
      use(entry, revision)
      return { container: await entry.pool.take(), waited }
    },
    forget: revisionId => {
      for (const { users } of entries.values()) users.delete(revisionId)
      adjust()
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

const keyOf = (dockerImage: string, network: NetworkKind): string => `${network} ${dockerImage}`
