/** Owns the reading of streams of server-sent events, over as many connections as it takes. */
import { ApiFailure, Failure, isNotFound } from './failure.ts'
import { parseEvents, type ServerEvent } from './http/events.ts'
import type { Io } from './io.ts'

/** `complete`: the last event was an `end`; `cut`: the connection went away under the reading. */
export type Ending = 'complete' | 'open' | 'cut'

const pauseMs = 1000
/** Answers of a server, or of what stands before it, that will be there again. */
const passing = /^(0|429|5\d\d)$/

export async function readStream(
  chunks: AsyncIterable<Uint8Array>,
  print: (event: ServerEvent) => void,
): Promise<Ending> {
  let last = ''
  try {
    for await (const event of parseEvents(chunks)) {
      print(event)
      last = event.type
    }
  } catch (thrown) {
    // Errors of a connection have codes; anything else is a defect.
    if (thrown instanceof Error && 'code' in thrown) return 'cut'
    throw thrown
  }
  return last === 'end' ? 'complete' : 'open'
}

const mayPass = (thrown: unknown): boolean =>
  thrown instanceof ApiFailure ? passing.test(thrown.code) : thrown instanceof Failure

export interface Following {
  readonly io: Pick<Io, 'interrupted' | 'pause'>
  /** Over one connection. */
  read(isFirst: boolean): Promise<Ending>
  /** An `end` is the end. */
  readonly untilEnd: boolean
  /** A line for a person. */
  note(line: string): void
}

/** Comes back whenever the connection ends, until interrupted or until what is followed is gone; only the first attempt may fail. */
export async function followStream({ io, read, untilEnd, note }: Following): Promise<void> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      const ending = await read(isFirst)
      if (untilEnd && ending === 'complete') return
    } catch (thrown) {
      // It was there a moment ago.
      if (!isFirst && isNotFound(thrown)) return note('what was followed has been deleted')
      if (!io.interrupted.aborted && (isFirst || !mayPass(thrown))) throw thrown
    }
    if (!io.interrupted.aborted) {
      note('the connection has ended; trying again')
      await io.pause(pauseMs)
    }
    if (io.interrupted.aborted) return
  }
}
