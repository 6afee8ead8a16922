/** The chain of the audit log: each line is JSON with its number and the hash of the line before it, and how that is checked. */
import { createHash } from 'node:crypto'

/** A line as the next one knows it. */
export interface Link {
  number: number
  /** SHA-256 of the bytes of the line, without its end, in hexadecimal. */
  hash: string
}

/** What is kept beside the log. */
export interface Head {
  /** Every line up to this one was once on disk. */
  last: Link
  /** Number of the oldest line that was not removed for its age. */
  first: number
}

/** Before the first line of all. */
export const noLine: Link = { number: 0, hash: '0'.repeat(64) }

export const hashOf = (line: string): string => createHash('sha256').update(line).digest('hex')

/** A line without its end, and what the next one knows of it. */
export function renderLine(members: object, before: Link): { line: string; link: Link } {
  const number = before.number + 1
  const line = JSON.stringify({ number, ...members, previous: before.hash })
  return { line, link: { number, hash: hashOf(line) } }
}

const isLink = (value: unknown): value is { number: number; previous: string } =>
  typeof value === 'object' &&
  value !== null &&
  'number' in value &&
  Number.isSafeInteger(value.number) &&
  'previous' in value &&
  typeof value.previous === 'string'

/** undefined: it is no line of an audit log. */
export function parseLine(line: string): { number: number; previous: string } | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isLink(value) ? value : undefined
  } catch {
    return undefined
  }
}

export const renderHead = (head: Head): string => JSON.stringify(head)

/** undefined: it is none. */
export function parseHead(text: string): Head | undefined {
  const [, number = '', hash = '', first = ''] =
    /^\{"last":\{"number":(\d+),"hash":"([\da-f]{64})"\},"first":(\d+)\}\s*$/.exec(text) ?? []
  return hash === '' ? undefined : { last: { number: Number(number), hash }, first: Number(first) }
}

export interface Fault {
  file: string
  /** In its file, counted from 1; 0 where it is about no single line. */
  lineInFile: number
  cause: string
}

export interface Verdict {
  lines: number
  first: number
  last: Link
  /** The first one. */
  fault?: Fault
  /** Whether a line with the hash that was asked for is there; absent when none was. */
  holdsHash?: boolean
}

export interface LogFile {
  name: string
  /** The whole of it. */
  text: string
}

/** Why a line cannot follow the one before; undefined: it can. Without `before` it is the oldest that there is. */
function findFault(line: string, before: Link | undefined): string | undefined {
  const parsed = parseLine(line)
  if (!parsed) return 'it is no line of an audit log'
  if (!before) return undefined
  const due = before.number + 1
  if (parsed.number > due) return `its number is ${parsed.number}: lines ${due} to ${parsed.number - 1} are missing`
  if (parsed.number < due) return `its number is ${parsed.number} and not ${due}`
  if (parsed.previous !== before.hash)
    return `it does not hold the hash of line ${before.number}: one of the two was changed`
  return undefined
}

interface Checked {
  /** As it was found beside the whole of the log, '' where it is missing; undefined: the files are a part, and no head is looked for. */
  headText?: string | undefined
  /** Of a line that is known to have been written. */
  hash?: string | undefined
}

/** Files in their order. The end of the log is checked against its head, which may be behind it but never ahead. */
export async function verifyLog(files: AsyncIterable<LogFile>, { headText, hash }: Checked): Promise<Verdict> {
  const head = headText === undefined ? undefined : parseHead(headText)
  let [lines, first, last] = [0, 0, undefined as Link | undefined]
  let [file, holdsHash] = ['', false]
  const told = (fault?: Fault): Verdict => ({
    ...{ lines, first, last: last ?? noLine },
    ...(fault && { fault }),
    ...(hash !== undefined && { holdsHash }),
  })
  for await (const { name, text } of files) {
    file = name
    // A line without its end was never acknowledged: a crash cut it.
    for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
      const cause = findFault(line, last) ?? findChange(line, head)
      if (cause !== undefined) return told({ file, lineInFile: index + 1, cause })
      last = { number: parseLine(line)?.number ?? 0, hash: hashOf(line) }
      if (lines === 0) first = last.number
      if (last.hash === hash) holdsHash = true
      lines += 1
    }
  }
  if (headText !== undefined && isHeadLost(headText, lines))
    return told({ file: 'head', lineInFile: 0, cause: headLost })
  const cause = head && findCut({ head, first, last: last ?? noLine })
  return told(cause === undefined ? undefined : { file, lineInFile: 0, cause })
}

/** Why nobody can say then whether the end was cut. */
export const headLost = 'it was removed or changed, and with it what tells whether the end of the log was cut'

/** It is written before the first line: only a log without any line may have none. */
export const isHeadLost = (headText: string, lines: number): boolean =>
  !parseHead(headText) && (lines > 0 || headText !== '')

function findChange(line: string, head: Head | undefined): string | undefined {
  if (!head || parseLine(line)?.number !== head.last.number || hashOf(line) === head.last.hash) return undefined
  return 'its hash is not the one that was kept of it: it was changed'
}

function findCut({ head, first, last }: { head: Head; first: number; last: Link }): string | undefined {
  if (last.number < head.last.number)
    return `the log ends with line ${last.number}, but ${head.last.number} was written: its end was cut`
  return first > head.first ? `the log begins with line ${first}, but ${head.first} was kept` : undefined
}
