/** The order of a streamed VMDK: front, grains with each table behind its own, directory, footer, end of stream. */
import {
  createHeader,
  descriptorSectors,
  directoryInFooter,
  encodeGrain,
  encodeHeader,
  encodeMarker,
  entriesPerTable,
  markerTypes,
  planTables,
  sectorBytes,
  tableSectors,
} from './vmdk-layout.ts'

export interface DeflatedGrain {
  index: number
  /** A zlib stream (RFC 1950): the format's text says RFC 1951, every program that reads it expects this. */
  deflated: Buffer
}

/** Table and directory entries are 32-bit sector numbers. */
const maxSector = 2 ** 32 - 1

/** Holds one table at a time, so memory does not grow with the disk. */
function createGrainTables(directory: Buffer) {
  let table: { index: number; entries: Buffer } | undefined
  return {
    /** Whether the table at hand, or a first one, is the one for this grain. */
    takes: (grainIndex: number) => !table || table.index === Math.floor(grainIndex / entriesPerTable),
    add(grainIndex: number, sector: number) {
      table ??= { index: Math.floor(grainIndex / entriesPerTable), entries: Buffer.alloc(tableSectors * sectorBytes) }
      table.entries.writeUInt32LE(sector, (grainIndex % entriesPerTable) * 4)
    },
    /** The table with its marker, to be written at `sector`; nothing when no grain came. */
    close(sector: number): Buffer {
      if (!table) return Buffer.alloc(0)
      directory.writeUInt32LE(sector + 1, table.index * 4)
      const bytes = Buffer.concat([encodeMarker(markerTypes.grainTable, tableSectors), table.entries])
      table = undefined
      return bytes
    },
  }
}

/**
 * Takes grains in ascending order and never seeks. The embedded descriptor's sectors stay zero: its CID is known only
 * after the last grain, so whoever writes the file fills them in.
 */
export async function* streamVmdk(
  grains: AsyncIterable<DeflatedGrain>,
  capacitySectors: number,
): AsyncGenerator<Buffer> {
  const { directorySectors } = planTables(capacitySectors)
  const directory = Buffer.alloc(directorySectors * sectorBytes)
  const tables = createGrainTables(directory)
  let sector = 0
  const placed = (bytes: Buffer) => {
    sector += bytes.length / sectorBytes
    if (sector > maxSector) throw new Error('the disk does not fit into a VMDK of 2 TiB: make it smaller')
    return bytes
  }
  yield placed(encodeHeader(createHeader(BigInt(capacitySectors), directoryInFooter)))
  yield placed(Buffer.alloc(descriptorSectors * sectorBytes))
  for await (const { index, deflated } of grains) {
    if (!tables.takes(index)) yield placed(tables.close(sector))
    tables.add(index, sector)
    yield placed(encodeGrain(index, deflated))
  }
  yield placed(tables.close(sector))
  yield placed(encodeMarker(markerTypes.grainDirectory, directorySectors))
  const footer = createHeader(BigInt(capacitySectors), BigInt(sector))
  yield placed(directory)
  yield Buffer.concat([
    encodeMarker(markerTypes.footer, 1),
    encodeHeader(footer),
    encodeMarker(markerTypes.endOfStream, 0),
  ])
}
