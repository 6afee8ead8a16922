/** Readers of events that come: each reads on from disk where it was, as fast as it can, and misses none. */
import { heartbeat } from '../core/event-stream.ts'
import { createReaders, type Reader } from '../core/readers.ts'
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

const pageLength = 100

export function createFollowers({ events, maxFollowers, heartbeatMs }: FollowersOptions): Followers {
  const readers = createReaders({ subject: 'events', maxReaders: maxFollowers, heartbeatMs })

  const renderPage = (page: EventRecord[], counts: Map<string, Counts>): string =>
    page.map(event => `data: ${renderStored(event, counts.get(event.id))}\n\n`).join('')

  async function* tell(reader: Reader, query: Pick<EventQuery, 'org' | 'type'>, last: string) {
    for (let after = last; !reader.hasLeft; ) {
      const page = await events.listAfter({ ...query, limit: pageLength }, after)
      const ids = page.map(({ id }) => id)
      after = ids.at(-1) ?? after
      if (page.length > 0) yield renderPage(page, groupCounts(ids, await events.counts(ids)))
      else if (!(await reader.rest()) && !reader.hasLeft) yield heartbeat
    }
  }

  return {
    follow: query =>
      readers.open(query.org, async reader => tell(reader, query, (await events.lastId(query.org)) ?? '')),
    wake: readers.wake,
    close: readers.close,
    get count() {
      return readers.count
    },
  }
}
