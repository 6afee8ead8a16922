/** Owns the reading of logs: what is there, or also what comes. */
import type { ApiClient, ApiRequest } from './client.ts'
import { type Ending, type Following, followStream, readStream } from './event-stream.ts'
import { Failure } from './failure.ts'
import type { Io } from './io.ts'
import type { LogPrinter } from './log-printer.ts'

export interface LogStream {
  readonly client: ApiClient
  readonly printer: LogPrinter
  readonly io: Io
  /** What to ask for, anew for each connection. */
  plan(isFirst: boolean): ApiRequest
}

const readOnce = async ({ client, printer, plan }: LogStream, isFirst: boolean): Promise<Ending> =>
  readStream(await client.stream(plan(isFirst)), printer.print)

/** Prints what is there. */
export async function readLogs(stream: LogStream): Promise<void> {
  const ending = await readOnce(stream, true)
  if (ending === 'cut') throw new Failure('the connection was lost before all was printed; try again')
}

export const followLogs = (stream: LogStream, options: Pick<Following, 'untilEnd' | 'note'>): Promise<void> =>
  followStream({ io: stream.io, read: isFirst => readOnce(stream, isFirst), ...options })
