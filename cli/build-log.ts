/** Owns what is shown of the build of an image where something else was asked for: while it is waited for, and in `describe`. */
import type { ApiClient } from './client.ts'
import { readStream } from './event-stream.ts'
import { isNotFound } from './failure.ts'
import { type JsonObject, objectOf, parseJson, textOf } from './format/json.ts'
import type { ServerEvent } from './http/events.ts'
import type { Io } from './io.ts'
import { createLogPrinter } from './log-printer.ts'
import { imageLogs, planLogs } from './log-request.ts'
import type { Session } from './session.ts'

/** False where the server knows no logs of builds. */
async function readBuild(client: ApiClient, image: string, print: (event: ServerEvent) => void): Promise<boolean> {
  try {
    await readStream(await client.stream(planLogs(imageLogs(image), { follow: false })), print)
    return true
  } catch (thrown) {
    if (isNotFound(thrown)) return false
    throw thrown
  }
}

export interface BuildWatch {
  readonly session: Session
  readonly io: Pick<Io, 'stderr' | 'stderrIsTerminal'>
  readonly image: string
}

/** Each call prints, for a person, what the build has printed since the last one. */
export function watchBuild({ session, io, image }: BuildWatch): () => Promise<void> {
  let isTold = io.stderrIsTerminal && !session.isQuiet
  const printer = createLogPrinter({
    io: { stdout: io.stderr, stderr: io.stderr },
    asJson: false,
    withRun: false,
    note: () => undefined,
  })
  return async () => {
    if (isTold) isTold = await readBuild(await session.client(), image, printer.print)
  }
}

const linesShown = 10

/** How the last build ended, if it has, and the end of what it printed; undefined when there was none. */
export async function loadLastBuild(client: ApiClient, image: string): Promise<JsonObject | undefined> {
  const lines: string[] = []
  let end: JsonObject = {}
  await readBuild(client, image, ({ type, data: text }) => {
    const data = objectOf(parseJson(text))
    if (type === 'end') end = { status: data.status ?? null, finishedTime: data.time ?? null }
    else if (type === 'message') lines.push(textOf(data.line))
  })
  if (lines.length === 0 && end.status === undefined) return undefined
  return { ...end, lastLines: lines.slice(-linesShown) }
}
