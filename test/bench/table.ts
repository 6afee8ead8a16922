/** Renders results: a table for the terminal, and one in Markdown for the document. Pure. */
import type { Result } from './verdict.ts'

const digits = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3))
const orDash = (value: number | null): string => (value === null ? '-' : digits(value))
const verdictOf = (holds: boolean | null): string => (holds === null ? 'not judged' : holds ? 'holds' : 'MISSED')

const heads = ['figure', 'unit', 'min', 'median', 'max', 'value', 'bar', 'the floor', 'ratio', 'verdict']

/** One row for each bar of a figure; a figure without one has a row all the same. */
function rowsOf({ name, unit, min, median, max, value, samples, bars, beside }: Result): string[][] {
  const first = [
    name,
    unit,
    digits(min),
    digits(median),
    digits(max),
    digits(value) + (samples ? ` of ${samples}` : ''),
  ]
  const beneath = beside ? `${digits(beside.value ?? Number.NaN)} ${beside.name}` : '-'
  const ratio = beside?.value ? (value / beside.value).toFixed(2) : '-'
  if (bars.length === 0) return [[...first, '-', beneath, ratio, '-']]
  return bars.map(({ text, against, holds }) => [
    ...first,
    text,
    against ? orDash(against.value) : beneath,
    against ? (against.ratio?.toFixed(2) ?? '-') : ratio,
    verdictOf(holds),
  ])
}

export function renderText(results: readonly Result[]): string {
  const table = [heads, ...results.flatMap(rowsOf)]
  const widths = heads.map((_, column) => Math.max(...table.map(row => row[column]?.length ?? 0)))
  return table
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function renderMarkdown(results: readonly Result[]): string {
  const lines = [heads, heads.map(() => '---'), ...results.flatMap(rowsOf)]
  return lines.map(row => `| ${row.join(' | ')} |`).join('\n')
}
