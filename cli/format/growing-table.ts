/** Owns a table that goes on growing: titles once, then rows in columns at least as wide as before. */
import { measureTable, renderRows, renderTitles, type Table } from './table.ts'

export interface GrowingTable {
  /** Titles the first time only. */
  render(table: Table): string
}

/** What comes later seldom needs more: usual names, the longest status, an id, a date, a time with nanoseconds. */
const leastWidths: Readonly<Record<string, number>> = {
  NAME: 20,
  FUNCTION: 20,
  'FUNCTION NAME': 20,
  'EVENT TYPE': 20,
  BASEIMAGE: 20,
  STATUS: 11,
  ID: 36,
  URL: 52,
  FUNCTIONIMAGE: 57,
  'CREATED DATE': 28,
  STARTED: 30,
  FINISHED: 30,
  EMITTED: 30,
  SOURCE: 12,
  CHANGE: 7,
}

const measureForGrowth = (table: Table): number[] =>
  measureTable(table).map((width, column) => Math.max(width, leastWidths[table.titles[column] ?? ''] ?? 0))

export function createGrowingTable(): GrowingTable {
  let widths: readonly number[] | undefined
  return {
    render(table) {
      const before = widths ?? []
      const isFirst = widths === undefined
      widths = measureForGrowth(table).map((width, column) => Math.max(width, before[column] ?? 0))
      return (isFirst ? renderTitles(table, widths) : '') + renderRows(table, widths)
    },
  }
}
