/** Owns the layout of tables, to the blank: what eyes and cut(1) have been used to for years. */
import { type Color, cleanText, isPlain, paint } from './terminal.ts'

export interface Table {
  readonly titles: readonly string[]
  /** A cell may have several lines; it is never wrapped. */
  readonly rows: readonly (readonly string[])[]
  /** A dashed line below every row, not only below the titles. */
  readonly ruled?: boolean
  /** Statuses are coloured. */
  readonly colored?: boolean
}

/** Whatever is neither is under way. */
const statusColors: Readonly<Record<string, Color>> = { READY: 'green', ERROR: 'red' }

/** Several short lines widen a column up to this, as if they stood side by side. */
const joinedLimit = 30
const looksLikeNumber = /^-*\d*\.?\d*$/

/** Columns on a terminal: East Asian characters and emoji take two, marks that join others none. */
export function displayWidth(text: string): number {
  if (isPlain(text)) return text.length
  const wide =
    /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/gu
  const visible = text.replace(/[\p{Mn}\p{Me}\p{Cf}]/gu, '')
  return [...visible].length + (visible.match(wide)?.length ?? 0)
}

const linesOf = (cell: string): string[] => cleanText(cell).replaceAll('\t', ' ').split('\n')

function columnWidth(title: string, cells: readonly string[]): number {
  const lines = cells.flatMap(linesOf)
  const joined = cells.map(cell => Math.min(joinedLimit, displayWidth(linesOf(cell).join(''))))
  return Math.max(displayWidth(title), ...joined, ...lines.map(displayWidth))
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - displayWidth(text)))

function center(text: string, width: number): string {
  const left = Math.floor((width - displayWidth(text)) / 2)
  return pad(' '.repeat(Math.max(0, left)) + text, width)
}

const align = (text: string, width: number, cell: string): string =>
  looksLikeNumber.test(cell) ? ' '.repeat(Math.max(0, width - displayWidth(text))) + text : pad(text, width)

const joinCells = (cells: readonly string[]): string => ` ${cells.map(cell => ` ${cell} `).join('|')} \n`

function renderRow({ titles, colored }: Table, row: readonly string[], widths: readonly number[]): string {
  const columns = row.map(linesOf)
  const height = Math.max(1, ...columns.map(lines => lines.length))
  const renderCell = (line: number) => (width: number, column: number) => {
    const cell = row[column] ?? ''
    const text = align(columns[column]?.[line] ?? '', width, cell)
    return colored && cell !== '' && titles[column] === 'STATUS' ? paint(text, statusColors[cell] ?? 'yellow') : text
  }
  return Array.from({ length: height }, (_, line) => joinCells(widths.map(renderCell(line)))).join('')
}

export const measureTable = ({ titles, rows }: Table): number[] =>
  titles.map((title, column) =>
    columnWidth(
      title,
      rows.map(row => row[column] ?? ''),
    ),
  )

export const renderTitles = ({ titles, ruled }: Table, widths: readonly number[]): string =>
  joinCells(titles.map((title, column) => center(title, widths[column] ?? 0))) + renderRule(widths, ruled === true)

function renderRule(widths: readonly number[], ruled: boolean): string {
  const total = widths.reduce((sum, width) => sum + width, 0)
  return `${'-'.repeat(ruled ? 1 + total + 3 * widths.length : total + 2 * widths.length)}\n`
}

export const renderRows = (table: Table, widths: readonly number[]): string =>
  table.rows.map(row => renderRow(table, row, widths) + (table.ruled ? renderRule(widths, true) : '')).join('')

export function renderTable(table: Table): string {
  const widths = measureTable(table)
  return renderTitles(table, widths) + renderRows(table, widths)
}
