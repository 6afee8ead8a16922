/** JSON that keeps what a double would lose: the literal text of numbers. */
import { LosslessNumber, parse, stringify } from 'lossless-json'

/** Only texts with such a number can change on their way through JSON.parse. */
const maybeLossy = /[0-9]{16}|[0-9][.eE]|-0/

/** The index behind the string that begins there, in valid JSON. */
function skipString(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); close >= 0; close = text.indexOf('"', close + 1)) {
    let before = close - 1
    while (text[before] === '\\') before -= 1
    if ((close - before) % 2 === 1) return close + 1
  }
  return text.length
}

/** Times and versions look like such numbers, but are strings: those are passed over, for an exact parser is slow. */
function isLossy(text: string): boolean {
  if (!maybeLossy.test(text)) return false
  for (let from = 0; ; ) {
    const open = text.indexOf('"', from)
    if (maybeLossy.test(open < 0 ? text.slice(from) : text.slice(from, open))) return true
    if (open < 0) return false
    from = skipString(text, open)
  }
}

/**
 * The JSON text of one top-level key of an object, with its numbers as written; undefined when the key is absent.
 * The key matches in any case, and the last of several counts, as in `parsed`.
 */
export function memberText(objectText: string, key: string, parsed: unknown): string | undefined {
  if (parsed === undefined) return undefined
  if (!isLossy(objectText)) return JSON.stringify(parsed)
  const exact: unknown = parse(objectText, undefined, { onDuplicateKey: ({ newValue }) => newValue })
  const entries = typeof exact === 'object' && exact !== null ? Object.entries(exact) : []
  const found = entries.findLast(([name]) => name.toLowerCase() === key.toLowerCase())
  return found && stringify(found[1])
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The text of a whole value, as `parsed` from it, without blanks and with its numbers as written. */
export const compactText = (text: string, parsed: unknown): string =>
  isLossy(text) ? renderExactJson(parseExactJson(text)) : JSON.stringify(parsed)

/** A number whose text goes into the JSON as it is: for 19-digit times. */
export const exactNumber = (value: bigint): LosslessNumber => new LosslessNumber(String(value))
export const renderExactJson = (value: unknown): string => stringify(value) ?? 'null'
export const parseExactJson = (text: string): unknown =>
  parse(text, undefined, { onDuplicateKey: ({ newValue }) => newValue })

export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** For a text without anything that JSON escapes, such as an id, a name or a status. */
export const quote = (plain: string): string => `"${plain}"`

/**
 * An object from JSON texts, in the order given; undefined members are left out. Neither texts nor keys are looked at:
 * they must be valid JSON, and plain.
 */
export function joinMembers(members: Record<string, string | undefined>): string {
  let body = ''
  for (const key in members) {
    const text = members[key]
    if (text !== undefined) body += `${body === '' ? '' : ','}${quote(key)}:${text}`
  }
  return `{${body}}`
}

/** The text of an object with more members at its end. */
export function appendMembers(objectText: string, members: Record<string, string | undefined>): string {
  const more = joinMembers(members).slice(1)
  if (more === '}') return objectText
  return objectText === '{}' ? `{${more}` : `${objectText.slice(0, -1)},${more}`
}
