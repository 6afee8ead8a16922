/** Takes JSON texts apart where they are, with their numbers as written: an exact parser takes a second for 4 MB. */
import { endOfString, scanNested } from './json-depth.ts'

export interface Cut {
  /** The text of the object, with null in place of the member. */
  rest: string
  /** As it is written; undefined when there is none. */
  member: string | undefined
}

const notBlank = /[^ \t\r\n]/g
const endOfWord = /[,\]} \t\r\n]/g
const blanks = /[ \t\r\n]+/g

/** The first place of the pattern from there on; the end of the text where there is none. */
function find(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.exec(text)?.index ?? text.length
}

/** The place behind the value that begins there. */
const endOfValue = (text: string, start: number): number =>
  '"[{'.includes(text.charAt(start) || ' ')
    ? scanNested(text, start, Number.POSITIVE_INFINITY).at + 1
    : find(endOfWord, text, start)

interface Member {
  keyLiteral: string
  start: number
  end: number
}

/** Of an object, from the first to the last, or to where the text is none any more. */
function* membersOf(text: string): Generator<Member> {
  let before = find(notBlank, text, 0)
  if (text[before] !== '{') return
  do {
    const open = find(notBlank, text, before + 1)
    if (text[open] !== '"') return
    const close = endOfString(text, open) + 1
    const colon = find(notBlank, text, close)
    if (text[colon] !== ':') return
    const start = find(notBlank, text, colon + 1)
    const end = endOfValue(text, start)
    yield { keyLiteral: text.slice(open, close), start, end }
    before = find(notBlank, text, end)
  } while (text[before] === ',')
}

/** Of several the last counts. The text is JSON if both parts are; throws for some that are not. */
export function cutMember(text: string, key: string): Cut {
  let found: Member | undefined
  for (const member of membersOf(text)) if (JSON.parse(member.keyLiteral) === key) found = member
  if (!found) return { rest: text, member: undefined }
  const { start, end } = found
  return { rest: `${text.slice(0, start)}null${text.slice(end)}`, member: text.slice(start, end) }
}

const plainLiteral = (literal: string): string =>
  literal.includes('\\') ? JSON.stringify(JSON.parse(literal)) : literal

/** Of valid JSON: without blanks, and without escapes that are not needed. */
export function compactLiteral(text: string): string {
  const parts: string[] = []
  for (let from = 0; ; ) {
    const open = text.indexOf('"', from)
    parts.push((open < 0 ? text.slice(from) : text.slice(from, open)).replace(blanks, ''))
    if (open < 0) return parts.join('')
    from = endOfString(text, open) + 1
    parts.push(plainLiteral(text.slice(open, from)))
  }
}
