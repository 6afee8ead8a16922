/** Follows the events of a vCenter: reads what is new, hands it over, and goes on where it was in a new session. */
import { keyOf, renderEvent } from './event.ts'
import { type EventCollector, openSession, type Post, SoapFault } from './soap.ts'
import { textAt } from './xml.ts'

export interface PollerOptions {
  post: Post
  user: { name: string; password: string }
  source: string
  /** Resolves when they are on disk; `json` is a list of CloudEvents. */
  send(json: string): Promise<void>
  /** For the log. */
  print(line: string): void
}

export interface Poller {
  /** Hands over all that is new; rejects when that was not possible, and may be called again. */
  poll(): Promise<void>
}

const pageSize = 100
/** A session that has ended, and a collector that has gone with it. */
const lostFaults = ['NotAuthenticatedFault', 'NotAuthenticated', 'ManagedObjectNotFoundFault', 'ManagedObjectNotFound']

const isLost = (thrown: unknown): boolean => thrown instanceof SoapFault && lostFaults.includes(thrown.fault)

export function createPoller({ post, user, source, send, print }: PollerOptions): Poller {
  /** Of the last event that was handed over: times are those of the server, and several events may share one. */
  let place: { time: string; key: number } | undefined
  let collector: EventCollector | undefined

  async function open(): Promise<EventCollector> {
    const session = await openSession(post, user)
    place ??= { time: await session.currentTime(), key: -1 }
    return await session.collect(place.time)
  }

  async function follow(): Promise<void> {
    for (;;) {
      collector ??= await open()
      const read = await collector.read(pageSize)
      if (read.length === 0) return
      const fresh = read.filter(event => keyOf(event) > (place?.key ?? -1)).sort((a, b) => keyOf(a) - keyOf(b))
      const last = fresh.at(-1)
      if (!last) continue
      await send(JSON.stringify(fresh.map(event => renderEvent(event, source))))
      place = { time: textAt(last, 'createdTime'), key: keyOf(last) }
    }
  }

  return {
    poll: async () => {
      const hadSession = collector !== undefined
      try {
        await follow()
      } catch (thrown) {
        // What was read but not handed over is read again.
        collector = undefined
        if (!hadSession || !isLost(thrown)) throw thrown
        print('the session has ended; logging in again')
        await follow()
      }
    },
  }
}
