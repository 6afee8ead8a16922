/** Events of log streams, and their text as server-sent events. */
import type { LogStream } from '../core/execution.ts'
import { joinMembers } from '../core/json.ts'
import type { Status } from '../core/status.ts'

/** Lines that follow one another in one stream of a run; `first` is the number of the first one, counted from 1. */
export interface LinesEvent {
  type: 'lines'
  run: string
  stream: LogStream
  first: number
  lines: readonly string[]
  timeNs: bigint
}

/** The run has ended: nothing more comes of it. */
export interface EndEvent {
  type: 'end'
  run: string
  status: Status
  timeNs: bigint
}

/** So many lines and ends were left out here, because the reader is too slow. */
export interface DroppedEvent {
  type: 'dropped'
  events: number
}

export type LogEvent = LinesEvent | EndEvent | DroppedEvent

export const logStreams: readonly LogStream[] = ['stdout', 'stderr']

/** How many of the lines that were told are how the stream begins. */
function countCommon(told: readonly string[], all: readonly string[]): number {
  const differs = told.findIndex((line, index) => line !== all[index])
  return differs < 0 ? told.length : differs
}

export type ToldLines = Record<LogStream, readonly string[]>
export const nothingTold: ToldLines = { stdout: [], stderr: [] }

/** What is left to tell of a run that has ended. */
export function planRest(run: string, { logs, told, timeNs }: RestOptions): LinesEvent[] {
  return logStreams.flatMap(stream => {
    const all = logs?.[stream] ?? []
    const known = countCommon(told[stream], all)
    if (known >= all.length) return []
    return [{ type: 'lines' as const, run, stream, first: known + 1, lines: all.slice(known), timeNs }]
  })
}

export interface RestOptions {
  logs: Record<LogStream, readonly string[] | null> | undefined
  told: ToldLines
  timeNs: bigint
}

const linesAtOnce = 256

/** Pieces of bounded size: nobody waits for the text of a flood. */
export function* renderEvent(event: LogEvent): Generator<string> {
  if (event.type !== 'lines') {
    yield renderOther(event)
    return
  }
  for (let start = 0; start < event.lines.length; start += linesAtOnce) {
    const lines = event.lines.slice(start, start + linesAtOnce)
    yield lines.map((line, index) => renderLine(event, event.first + start + index, line)).join('')
  }
}

const renderLine = ({ run, stream, timeNs }: LinesEvent, number: number, line: string): string =>
  `data: {"run":"${run}","stream":"${stream}","number":${number},"line":${JSON.stringify(line)},"time":${timeNs}}\n\n`

function renderOther(event: EndEvent | DroppedEvent): string {
  if (event.type === 'dropped') return `event: dropped\ndata: ${JSON.stringify({ events: event.events })}\n\n`
  const { run, status, timeNs } = event
  const members = { run: JSON.stringify(run), status: JSON.stringify(status), time: String(timeNs) }
  return `event: end\ndata: ${joinMembers(members)}\n\n`
}
