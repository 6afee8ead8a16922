/** What to write so that a terminal shows the lines it shall: only those that differ, or all of them. Pure. */
import { widthOf } from './text.ts'

const csi = '\u001b['

/**
 * Modes as the screen needs them: no scrolling region, replace, plain text in ASCII, no cursor, lines cut at the edge
 * instead of wrapped; and of the Linux console alone, the screen never blanked.
 */
const prologue = [
  `${csi}r`,
  `${csi}4l`,
  `${csi}0m`,
  '\u001b(B',
  `${csi}?25l`,
  `${csi}?7l`,
  `${csi}9;0]`,
  `${csi}14;0]`,
].join('')

/** Leaves the terminal as others expect it, and nothing on it. */
export const epilogue = `${csi}0m${csi}?7h${csi}?25h${csi}H${csi}2J`

/** Erasing after the last column would take the character there along. */
function paintLine(line: string, row: number, columns: number): string {
  return `${csi}${row + 1};1H${line}${widthOf(line) < columns ? `${csi}K` : ''}`
}

/** `before` is what is known to be there: undefined where that is unknown, and everything is written over without a flicker. */
export function paint(after: readonly string[], before: readonly string[] | undefined, columns: number): string {
  const lines = after.map((line, row) => (before?.[row] === line ? '' : paintLine(line, row, columns)))
  return before ? lines.join('') : prologue + lines.join('')
}

/** For a terminal on which others have written, or whose size has changed: the rest of it is erased too. */
export const clearScreen = `${csi}0m${csi}2J`
