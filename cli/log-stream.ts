/** Owns the reading of log streams, over as many connections as it takes. */
import type { ApiClient, ApiRequest } from './client.ts'
import { ApiFailure, Failure, isNotFound } from './failure.ts'
import { parseEvents } from './http/events.ts'
import type { Io } from './io.ts'
import type { LogPrinter } from './log-printer.ts'

/** `complete`: the last event was an `end`; `cut`: the connection went away under the reading. */
type Ending = 'complete' | 'open' | 'cut'

export interface LogStream {
  readonly client: ApiClient
  readonly printer: LogPrinter
  readonly io: Io
  /** What to ask for, anew for each connection. */
  plan(isFirst: boolean): ApiRequest
}

const pauseMs = 1000
/** Answers of a server, or of what stands before it, that will be there again. */
const passing = /^(0|429|5\d\d)$/

async function readOnce({ client, printer }: LogStream, request: ApiRequest): Promise<Ending> {
  const chunks = await client.stream(request)
  let last = ''
  try {
    for await (const event of parseEvents(chunks)) {
      printer.print(event)
      last = event.type
    }
  } catch (thrown) {
    // Errors of a connection have codes; anything else is a defect.
    if (thrown instanceof Error && 'code' in thrown) return 'cut'
    throw thrown
  }
  return last === 'end' ? 'complete' : 'open'
}

/** Prints what is there. */
export async function readLogs(stream: LogStream): Promise<void> {
  const ending = await readOnce(stream, stream.plan(true))
  if (ending === 'cut') throw new Failure('the connection was lost before all was printed; try again')
}

const mayPass = (thrown: unknown): boolean =>
  thrown instanceof ApiFailure ? passing.test(thrown.code) : thrown instanceof Failure

export interface Follow {
  /** An `end` is the end. */
  readonly untilEnd: boolean
  /** A line for a person. */
  note(line: string): void
}

/** Comes back whenever the connection ends, until interrupted or until what is followed is gone; only the first attempt may fail. */
export async function followLogs(stream: LogStream, { untilEnd, note }: Follow): Promise<void> {
  const { io } = stream
  for (let isFirst = true; ; isFirst = false) {
    try {
      const ending = await readOnce(stream, stream.plan(isFirst))
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
