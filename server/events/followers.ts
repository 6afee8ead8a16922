/** Readers of events that come: each reads on from disk where it was, as fast as it can, and misses none. */
import { busyError, dispatchError } from '../core/errors.ts'
import { heartbeat, toEventStream } from '../core/event-stream.ts'
import type { EventQuery, EventRecord, EventStore } from '../store/event-port.ts'
import { type Counts, groupCounts, renderStored } from './stored.ts'

export interface FollowersOptions {
  events: Pick<EventStore, 'listAfter' | 'lastId' | 'counts'>
  maxFollowers: number
  heartbeatMs: number
}

export interface Followers {
  /** Server-sent events, one for each event that is stored from now on. DispatchError BUSY when too many follow, or DRAINING. */
  follow(query: Pick<EventQuery, 'org' | 'type'>): Promise<AsyncIterable<string>>
  /** To be called when events of the organization were stored. */
  wake(org: string): void
  /** Lets every reader go, and takes no other. */
  close(): void
  readonly count: number
}

interface Follower {
  org: string
  hasNews: boolean
  hasLeft: boolean
  wake(): void
}

const pageLength = 100
const retrySeconds = 5

export function createFollowers({ events, maxFollowers, heartbeatMs }: FollowersOptions): Followers {
  const followers = new Set<Follower>()
  let closed = false

  /** Resolves with news, at the end, or when the reader should hear something at last. */
  const rest = async (follower: Follower): Promise<void> => {
    if (follower.hasNews || follower.hasLeft) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, heartbeatMs)
    follower.wake = resolve
    await promise
    clearTimeout(timer)
  }

  const renderPage = (page: EventRecord[], counts: Map<string, Counts>): string =>
    page.map(event => `data: ${renderStored(event, counts.get(event.id))}\n\n`).join('')

  async function* tell(follower: Follower, query: Pick<EventQuery, 'org' | 'type'>, last: string) {
    for (let after = last; !follower.hasLeft; ) {
      follower.hasNews = false
      const page = await events.listAfter({ ...query, limit: pageLength }, after)
      const ids = page.map(({ id }) => id)
      after = ids.at(-1) ?? after
      if (page.length > 0) yield renderPage(page, groupCounts(ids, await events.counts(ids)))
      else {
        await rest(follower)
        if (!follower.hasNews && !follower.hasLeft) yield heartbeat
      }
    }
  }

  return {
    follow: async query => {
      if (closed) throw dispatchError('DRAINING', {})
      if (followers.size >= maxFollowers) throw busyError(`${maxFollowers} readers follow events already`, retrySeconds)
      const follower: Follower = { org: query.org, hasNews: false, hasLeft: false, wake: () => undefined }
      followers.add(follower)
      const leave = (): void => {
        followers.delete(follower)
        follower.hasLeft = true
        follower.wake()
      }
      try {
        return toEventStream(tell(follower, query, (await events.lastId(query.org)) ?? ''), leave)
      } catch (thrown) {
        leave()
        throw thrown
      }
    },
    wake: org => {
      for (const follower of followers) {
        if (follower.org !== org) continue
        follower.hasNews = true
        follower.wake()
      }
    },
    close: () => {
      closed = true
      for (const follower of followers) {
        follower.hasLeft = true
        follower.wake()
      }
    },
    get count() {
      return followers.size
    },
  }
}
