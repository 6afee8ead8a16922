/** Owns what `logs` prints of each event, and what it has printed already, so that a new connection repeats nothing. */

import { integerOf, type JsonObject, objectOf, parseJson, textOf } from './format/json.ts'
import { cleanText } from './format/terminal.ts'
import type { ServerEvent } from './http/events.ts'
import type { Io } from './io.ts'

export interface LogPrinter {
  print(event: ServerEvent): void
  /** Unix seconds of the server at which nothing was missed yet; undefined before the first event. */
  readonly lastSeconds: bigint | undefined
}

export interface LogPrinterOptions {
  readonly io: Pick<Io, 'stdout' | 'stderr'>
  /** Events as they come, one JSON object a line. */
  readonly asJson: boolean
  /** Lines begin with the name of their run. */
  readonly withRun: boolean
  /** A line for a person. */
  note(line: string): void
}

/** Lines of a build are counted over both of its streams. */
const isOfBuild = (data: JsonObject): boolean => data.build !== undefined
const subjectOf = (data: JsonObject): string => textOf(data.run ?? data.build)
const whyDropped = (data: JsonObject): string =>
  isOfBuild(data) ? 'of a build the server keeps the end' : 'this reader is too slow'

interface Printed {
  readonly lines: Record<string, bigint>
  ended: boolean
}

/** Of so many runs it is known what was printed. */
const maxRuns = 1000
const nanosecondsInSecond = 1_000_000_000n

export function createLogPrinter({ io, asJson, withRun, note }: LogPrinterOptions): LogPrinter {
  const printedOf = new Map<string, Printed>()
  let lastSeconds: bigint | undefined

  function find(run: string): Printed {
    const known = printedOf.get(run) ?? { lines: {}, ended: false }
    printedOf.delete(run)
    printedOf.set(run, known)
    const [oldest] = printedOf.keys()
    if (printedOf.size > maxRuns && oldest !== undefined) printedOf.delete(oldest)
    return known
  }

  /** False when it was printed before. */
  function isNew(type: string, data: JsonObject): boolean {
    if (type === 'dropped' && !isOfBuild(data)) return true
    const printed = find(subjectOf(data))
    if (type === 'end') {
      const wasEnded = printed.ended
      printed.ended = true
      return !wasEnded
    }
    const [stream, number] = [isOfBuild(data) ? '' : textOf(data.stream), integerOf(data.number)]
    if (number <= (printed.lines[stream] ?? 0n)) return false
    printed.lines[stream] = number
    return true
  }

  function printText(type: string, data: JsonObject): void {
    const subject = subjectOf(data)
    if (type === 'dropped') io.stderr.write(`${integerOf(data.events)} lines were left out here: ${whyDropped(data)}\n`)
    else if (type === 'end') {
      if (textOf(data.status) === 'ERROR') note(`${isOfBuild(data) ? 'build' : 'run'} ${subject} ended in ERROR`)
    } else {
      const writer = textOf(data.stream) === 'stderr' ? io.stderr : io.stdout
      writer.write(`${withRun ? `${cleanText(subject)} ` : ''}${cleanText(textOf(data.line))}\n`)
    }
  }

  return {
    print: ({ type, data: text }) => {
      const data = objectOf(parseJson(text))
      if (!isNew(type, data)) return
      if (type !== 'dropped') lastSeconds = integerOf(data.time) / nanosecondsInSecond
      if (asJson) io.stdout.write(`${text}\n`)
      else printText(type, data)
    },
    get lastSeconds() {
      return lastSeconds
    },
  }
}
