/** The lines of a build: the last ones up to a bound, and their text as server-sent events. */
import type { LogStream } from '../core/execution.ts'
import type { BuildLine, BuildRecord } from './build-log.ts'

/** In characters, of a whole build. */
const maxWeight = 256 * 1024
const maxLineLength = 8 * 1024
/** What a line costs beside its characters. */
const overhead = 64

const weightOf = ({ line }: BuildLine): number => line.length + overhead

export interface KeptLines {
  add(stream: LogStream, text: string, timeNs: bigint): void
  /** Those that are kept of the lines behind that number. */
  after(number: number): BuildLine[]
}

export function createKeptLines(): KeptLines {
  const lines: BuildLine[] = []
  let weight = 0
  let count = 0
  return {
    add: (stream, text, timeNs) => {
      count += 1
      const added = { number: count, stream, line: text.slice(0, maxLineLength), timeNs: String(timeNs) }
      lines.push(added)
      weight += weightOf(added)
      while (weight > maxWeight) {
        const oldest = lines.shift()
        if (oldest) weight -= weightOf(oldest)
      }
    },
    after: number => lines.slice(Math.max(0, number - (count - lines.length))),
  }
}

const linesAtOnce = 256

const renderLine = (build: string, { number, stream, line, timeNs }: BuildLine): string =>
  `data: {"build":"${build}","stream":"${stream}","number":${number},"line":${JSON.stringify(line)},"time":${timeNs}}\n\n`

/** `after`: the number of the last line that was told. Pieces of bounded size. */
export function* renderLines(build: string, lines: readonly BuildLine[], after: number): Generator<string> {
  const number = (lines[0]?.number ?? after + 1) - 1
  if (number > after) yield `event: dropped\ndata: ${JSON.stringify({ build, number, events: number - after })}\n\n`
  for (let start = 0; start < lines.length; start += linesAtOnce) {
    const some = lines.slice(start, start + linesAtOnce)
    yield some.map(line => renderLine(build, line)).join('')
  }
}

export type Ended = Pick<BuildRecord, 'id' | 'status' | 'reason' | 'endedNs'>

export const renderEnd = ({ id, status, reason, endedNs }: Ended): string =>
  `event: end\ndata: {"build":"${id}","status":"${status}","reason":${JSON.stringify(reason)},"time":${endedNs}}\n\n`
