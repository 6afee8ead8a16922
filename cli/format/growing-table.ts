/** Owns a table that goes on growing: titles once, then rows in columns at least as wide as before. */
import { measureTable, renderRows, renderTitles, type Table } from './table.ts'

export interface GrowingTable {
  /** Titles the first time only. */
  render(table: Table): string
}

export function createGrowingTable(): GrowingTable {
  let widths: readonly number[] | undefined
  return {
    render(table) {
      const before = widths ?? []
      const isFirst = widths === undefined
      widths = measureTable(table).map((width, column) => Math.max(width, before[column] ?? 0))
      return (isFirst ? renderTitles(table, widths) : '') + renderRows(table, widths)
    },
  }
}
