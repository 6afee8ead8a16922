/** Those who read streams that go on: each is woken by news of its topic, hears something from time to time, and can be let go. */
import { busyError, dispatchError } from './errors.ts'
import { toEventStream } from './event-stream.ts'

export interface Reader {
  readonly hasLeft: boolean
  /** Resolves with true for news since the last call; with false at the end, or when the reader should hear something at last. */
  rest(): Promise<boolean>
}

export interface Readers {
  /**
   * Server-sent events. News is kept for the reader from the moment of the call, also while its pieces are prepared.
   * DispatchError BUSY when there are too many, or DRAINING.
   */
  open(topic: string, prepare: (reader: Reader) => Promise<AsyncGenerator<string>>): Promise<AsyncIterable<string>>
  wake(topic: string): void
  /** Lets every reader go, and takes no other. */
  close(): void
  readonly count: number
}

export interface ReadersOptions {
  /** What they read, in the plural. */
  subject: string
  maxReaders: number
  heartbeatMs: number
}

interface Seat extends Reader {
  topic: string
  wake(): void
  leave(): void
}

const retrySeconds = 5

function createSeat(topic: string, heartbeatMs: number): Seat {
  let hasNews = false
  let hasLeft = false
  let stir = (): void => undefined
  return {
    topic,
    get hasLeft() {
      return hasLeft
    },
    rest: async () => {
      if (!hasNews && !hasLeft) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const timer = setTimeout(resolve, heartbeatMs)
        stir = resolve
        await promise
        clearTimeout(timer)
      }
      const hadNews = hasNews
      hasNews = false
      return hadNews
    },
    wake: () => {
      hasNews = true
      stir()
    },
    leave: () => {
      hasLeft = true
      stir()
    },
  }
}

export function createReaders({ subject, maxReaders, heartbeatMs }: ReadersOptions): Readers {
  const seats = new Set<Seat>()
  let closed = false
  return {
    open: async (topic, prepare) => {
      if (closed) throw dispatchError('DRAINING', {})
      if (seats.size >= maxReaders) throw busyError(`${maxReaders} readers follow ${subject} already`, retrySeconds)
      const seat = createSeat(topic, heartbeatMs)
      seats.add(seat)
      const leave = (): void => {
        seats.delete(seat)
        seat.leave()
      }
      try {
        return toEventStream(await prepare(seat), leave)
      } catch (thrown) {
        leave()
        throw thrown
      }
    },
    wake: topic => {
      for (const seat of seats) if (seat.topic === topic) seat.wake()
    },
    close: () => {
      closed = true
      for (const seat of seats) seat.leave()
    },
    get count() {
      return seats.size
    },
  }
}
