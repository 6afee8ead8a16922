/** How deep a JSON text is nested, and where its values end. */

/** Deep enough for any data; what recurses over a value later would run out of stack somewhere beyond it. */
export const maxDepth = 1000

const [quote, backslash, list, listEnd, object, objectEnd] = [...'"\\[]{}'].map(sign => sign.charCodeAt(0))

/** The place of the quote that ends the string; that of the last character where none does. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let last = end - 1
    while (text.charCodeAt(last) === backslash) last -= 1
    if ((end - last) % 2 === 1) return end
  }
  return text.length
}

/** Of the list, object or string that begins next: its last sign, or the one that leads deeper than so many levels. */
export function scanNested(text: string, start: number, levels: number): { at: number; depth: number } {
  let depth = 0
  let at = start
  for (; at < text.length; at += 1) {
    const sign = text.charCodeAt(at)
    if (sign === quote) at = endOfString(text, at)
    else if (sign === list || sign === object) depth += 1
    else if (sign === listEnd || sign === objectEnd) depth -= 1
    else continue
    if (depth <= 0 || depth > levels) break
  }
  return { at, depth }
}

/** Of its first value. Looks at the text: to parse millions of levels takes many seconds, in which nobody else is answered. */
export const isDeeperThan = (levels: number, text: string): boolean =>
  text.length > 2 * levels && scanNested(text, 0, levels).depth > levels
