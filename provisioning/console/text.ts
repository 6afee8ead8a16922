/** Text for a screen that knows printable ASCII alone: made harmless, measured, wrapped, emphasized without colour. */

const esc = '\u001b'
/** What `bold` and `reverse` put around text; there is no other escape sequence on the screen. */
const emphasis = new RegExp(`${esc}\\[[017]m`, 'g')
const combiningMarks = /\p{M}/gu
const notPrintable = /[^\x20-\x7e]/gu

/**
 * Accents are dropped, blanks of all kinds become spaces, and whatever else a terminal could act upon a question mark.
 * What is printable already stays as it is.
 */
export const toPrintable = (text: string): string =>
  text.normalize('NFKD').replace(combiningMarks, '').replace(/\s/gu, ' ').replace(notPrintable, '?')

/** Of a value that holds text at any depth, the same with all of it printable. */
export function toPrintableDeep<T>(value: T): T
export function toPrintableDeep(value: unknown): unknown {
  if (typeof value === 'string') return toPrintable(value)
  if (Array.isArray(value)) return value.map(toPrintableDeep)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toPrintableDeep(inner)]))
}

export const bold = (text: string): string => `${esc}[1m${text}${esc}[0m`
export const reverse = (text: string): string => `${esc}[7m${text}${esc}[0m`
export const stripEmphasis = (line: string): string => line.replace(emphasis, '')
/** Columns that a line takes. */
export const widthOf = (line: string): number => stripEmphasis(line).length
export const padTo = (line: string, columns: number): string => line + ' '.repeat(Math.max(0, columns - widthOf(line)))

/** For what may end early, such as a sentence; never for a code or an address. */
export function clip(text: string, columns: number): string {
  if (text.length <= columns) return text
  return columns <= 3 ? text.slice(0, Math.max(0, columns)) : `${text.slice(0, columns - 3).trimEnd()}...`
}

/** Lines of at most `columns`, broken at blanks; a word that is longer is broken where the line ends. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.trim().split(/ +/)) {
    const joined = line === '' ? word : `${line} ${word}`
    if (joined.length <= columns) line = joined
    else {
      if (line !== '') lines.push(line)
      const pieces = chunk(word, columns)
      lines.push(...pieces.slice(0, -1))
      line = pieces.at(-1) ?? ''
    }
  }
  return [...lines, line]
}

/** A URL, an address or a code on as few lines as it takes, broken after a sign of punctuation where there is one. */
export function breakAddress(text: string, columns: number): string[] {
  if (text.length <= columns) return [text]
  const end = text.slice(0, columns).search(/[./:@-][^./:@-]*$/)
  const length = end > 0 ? end + 1 : columns
  return [text.slice(0, length), ...breakAddress(text.slice(length), columns)]
}

/** Pieces of `length`, the last may be shorter; one empty piece of an empty text. */
export function chunk(text: string, length: number): string[] {
  const count = Math.max(1, Math.ceil(text.length / length))
  return Array.from({ length: count }, (_, index) => text.slice(index * length, (index + 1) * length))
}
