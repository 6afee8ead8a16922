/** Checks grain tables and directory against the grains as they come, one table at a time: memory does not grow. */
import { entriesPerTable, planTables, sectorBytes, tableSectors } from '../vmdk-layout.ts'
import type { Report } from './check.ts'

/** Places are sectors of the file. What is missing is said when something that stands behind it comes. */
export interface TableCheck {
  addGrain(grainIndex: number, sector: number): void
  addTable(sector: number, entries: Buffer): void
  addDirectory(sector: number, entries: Buffer): void
}

interface ExpectedTable {
  index: number
  entries: Buffer
}

/** Calls back for each 32-bit entry of `found` that is another one in `expected`. */
function compareEntries(found: Buffer, expected: Buffer, onOther: (at: number, sectors: [number, number]) => void) {
  if (found.equals(expected)) return
  for (let byte = 0; byte < expected.length; byte += 4) {
    const sectors: [number, number] = [found.readUInt32LE(byte), expected.readUInt32LE(byte)]
    if (sectors[0] !== sectors[1]) onOther(byte / 4, sectors)
  }
}

export function createTableCheck(capacitySectors: number, report: Report): TableCheck {
  const directory = Buffer.alloc(planTables(capacitySectors).directorySectors * sectorBytes)
  let table: ExpectedTable | undefined
  const missTable = (sector: number) => {
    if (table)
      report(
        sector * sectorBytes,
        `no table names the grains in front`,
        `table ${table.index} of ${entriesPerTable} grains`,
      )
    table = undefined
  }
  return {
    addGrain(grainIndex, sector) {
      const index = Math.floor(grainIndex / entriesPerTable)
      if (table && table.index !== index) missTable(sector)
      table ??= { index, entries: Buffer.alloc(tableSectors * sectorBytes) }
      table.entries.writeUInt32LE(sector, (grainIndex % entriesPerTable) * 4)
    },
    addTable(sector, entries) {
      if (!table) {
        report(sector * sectorBytes, 'a table of no grain', 'a table behind its grains, and no empty one')
        return
      }
      const { index, entries: expected } = table
      directory.writeUInt32LE(sector, index * 4)
      table = undefined
      compareEntries(entries, expected, (at, [found, right]) => {
        const problem = `the entry of grain ${index * entriesPerTable + at} is sector ${found}`
        report(sector * sectorBytes + at * 4, problem, `sector ${right}, where the grain stands`)
      })
    },
    addDirectory(sector, entries) {
      missTable(sector)
      compareEntries(entries, directory, (at, [found, right]) => {
        const problem = `the directory's entry of table ${at} is sector ${found}`
        report(sector * sectorBytes + at * 4, problem, `sector ${right}, where the table stands`)
      })
    },
  }
}
