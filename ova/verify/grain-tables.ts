/** Checks that grain directory and tables name exactly the grains that are there. */
import { entriesPerTable, planTables, sectorBytes } from '../vmdk-layout.ts'
import type { Report } from './check.ts'
import type { VmdkContents } from './vmdk-walk.ts'

function checkTable(place: { index: number; sector: number }, contents: VmdkContents, report: Report): void {
  const table = contents.tables.get(place.sector)
  for (let at = 0; at < entriesPerTable; at += 1) {
    const grainIndex = place.index * entriesPerTable + at
    const expected = contents.grains.get(grainIndex) ?? 0
    const found = table?.readUInt32LE(at * 4) ?? 0
    if (found === expected) continue
    const offset = table ? place.sector * sectorBytes + at * 4 : 0
    report(offset, `the entry of grain ${grainIndex} is sector ${found}`, `sector ${expected}, where the grain stands`)
  }
}

export function checkGrainTables(contents: VmdkContents, capacitySectors: number, report: Report): void {
  const { directory, tables } = contents
  if (!directory) {
    report(0, 'there is no grain directory', 'one behind the grains')
    return
  }
  const { tables: tableCount } = planTables(capacitySectors)
  const used = new Set<number>()
  for (let index = 0; index < directory.entries.length / 4; index += 1) {
    const sector = directory.entries.readUInt32LE(index * 4)
    const offset = directory.sector * sectorBytes + index * 4
    if (sector !== 0 && index >= tableCount) report(offset, 'an entry behind the end of the disk', '0')
    if (sector !== 0 && !tables.has(sector))
      report(offset, `no grain table stands at sector ${sector}`, 'a grain table')
    if (used.has(sector)) report(offset, `the table at sector ${sector} is named twice`, 'every table once')
    if (sector !== 0) used.add(sector)
    if (index < tableCount) checkTable({ index, sector }, contents, report)
  }
  for (const sector of tables.keys()) {
    if (!used.has(sector)) report(sector * sectorBytes, 'no directory entry leads to this table', 'every table named')
  }
}
