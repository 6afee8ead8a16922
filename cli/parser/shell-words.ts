/** Owns how a line of text is split into words, as a POSIX shell does it, without expanding anything. */

/** Text, a protected character, or quoted text. */
const piece = /[^\s"'\\]+|\\.|'[^']*'|"(?:[^"\\]|\\.)*"/s
const word = new RegExp(`(?:${piece.source})+`, 'sy')
const blanks = /\s*/y

const unquote = (text: string): string => {
  if (text.startsWith("'")) return text.slice(1, -1)
  // Between double quotes a backslash protects these only.
  if (text.startsWith('"')) return text.slice(1, -1).replace(/\\(["\\$`])/g, '$1')
  return text.replace(/^\\/, '')
}

/** Undefined where a quote or a backslash has no end. */
export function splitShellWords(line: string): string[] | undefined {
  const words: string[] = []
  const skip = (from: number) => {
    blanks.lastIndex = from
    return from + (blanks.exec(line)?.[0].length ?? 0)
  }
  for (let at = skip(0); at < line.length; at = skip(at)) {
    word.lastIndex = at
    const [found] = word.exec(line) ?? []
    if (found === undefined) return undefined
    words.push((found.match(new RegExp(piece, 'sg')) ?? []).map(unquote).join(''))
    at += found.length
  }
  return words
}
