/** Owns how two texts differ, in the unified form of diff -u. */

export interface DiffLine {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

const contextLines = 3
/** Of a larger change nothing is matched: it would take this many comparisons. */
const maxComparisons = 4_000_000

/** How long the longest common run of lines is, from each pair of places to the ends; in rows of `after.length + 1`. */
function measureCommon(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1
  const lengths = new Uint32Array((before.length + 1) * width)
  for (let row = before.length - 1; row >= 0; row -= 1)
    for (let column = after.length - 1; column >= 0; column -= 1) {
      const place = row * width + column
      lengths[place] =
        before[row] === after[column]
          ? (lengths[place + width + 1] ?? 0) + 1
          : Math.max(lengths[place + width] ?? 0, lengths[place + 1] ?? 0)
    }
  return lengths
}

const signed = (sign: DiffLine['sign'], lines: readonly string[]): DiffLine[] => lines.map(text => ({ sign, text }))

function matchLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  if (before.length * after.length > maxComparisons) return [...signed('-', before), ...signed('+', after)]
  const width = after.length + 1
  const lengths = measureCommon(before, after)
  const lines: DiffLine[] = []
  let [row, column] = [0, 0]
  while (row < before.length && column < after.length) {
    const [old = '', young = ''] = [before[row], after[column]]
    if (old === young) {
      lines.push({ sign: ' ', text: old })
      row += 1
      column += 1
    } else if ((lengths[(row + 1) * width + column] ?? 0) >= (lengths[row * width + column + 1] ?? 0)) {
      lines.push({ sign: '-', text: old })
      row += 1
    } else {
      lines.push({ sign: '+', text: young })
      column += 1
    }
  }
  return [...lines, ...signed('-', before.slice(row)), ...signed('+', after.slice(column))]
}

/** All lines of both texts, in order. */
export function compareLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  const shortest = Math.min(before.length, after.length)
  let head = 0
  while (head < shortest && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < shortest - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1
  const middle = matchLines(before.slice(head, before.length - tail), after.slice(head, after.length - tail))
  return [...signed(' ', before.slice(0, head)), ...middle, ...signed(' ', before.slice(before.length - tail))]
}

const count = (lines: readonly DiffLine[], without: DiffLine['sign']) =>
  lines.filter(({ sign }) => sign !== without).length

/** `@@ -3,7 +3,8 @@`; a side without lines counts from the line before. */
function renderRange(start: number, length: number): string {
  return `${length === 0 ? start : start + 1}${length === 1 ? '' : `,${length}`}`
}

function renderHunk(lines: readonly DiffLine[], from: number, to: number): string {
  const [above, hunk] = [lines.slice(0, from), lines.slice(from, to)]
  const old = renderRange(count(above, '+'), count(hunk, '+'))
  const young = renderRange(count(above, '-'), count(hunk, '-'))
  return [`@@ -${old} +${young} @@`, ...hunk.map(({ sign, text }) => sign + text)].map(line => `${line}\n`).join('')
}

/** The hunks, without the two lines that name the files; '' when the texts are equal. Both end with a newline. */
export function renderDiff(before: string, after: string): string {
  const lines = compareLines(before.split('\n').slice(0, -1), after.split('\n').slice(0, -1))
  const changes = lines.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]))
  const hunks: (readonly [number, number])[] = []
  for (const index of changes) {
    const [from, to] = [Math.max(0, index - contextLines), Math.min(lines.length, index + contextLines + 1)]
    const last = hunks.at(-1)
    if (last !== undefined && from <= last[1]) hunks[hunks.length - 1] = [last[0], to]
    else hunks.push([from, to])
  }
  return hunks.map(([from, to]) => renderHunk(lines, from, to)).join('')
}
