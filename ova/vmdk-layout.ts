/**
 * The fixed parts of a streamOptimized VMDK, encoded and parsed: header, markers and the geometry of grain tables.
 * Source: VMware Virtual Disk Format 5.0; numbers are little endian, offsets within the file are counted in sectors.
 */
export const sectorBytes = 512
export const grainSectors = 128
export const grainBytes = grainSectors * sectorBytes
export const entriesPerTable = 512
export const tableSectors = (entriesPerTable * 4) / sectorBytes
export const descriptorOffsetSectors = 1
export const descriptorSectors = 20
/** Where the first grain begins: header and embedded descriptor come before it, nothing else. */
export const overheadSectors = descriptorOffsetSectors + descriptorSectors
/** The header's grain directory offset in the streaming form: look for the real one in the footer. */
export const directoryInFooter = 0xffff_ffff_ffff_ffffn

export const markerTypes = { endOfStream: 0, grainTable: 1, grainDirectory: 2, footer: 3 } as const

export const headerFields = [
  { name: 'magic', offset: 0, bytes: 4 },
  { name: 'version', offset: 4, bytes: 4 },
  { name: 'flags', offset: 8, bytes: 4 },
  { name: 'capacity', offset: 12, bytes: 8 },
  { name: 'grainSize', offset: 20, bytes: 8 },
  { name: 'descriptorOffset', offset: 28, bytes: 8 },
  { name: 'descriptorSize', offset: 36, bytes: 8 },
  { name: 'numGTEsPerGT', offset: 44, bytes: 4 },
  { name: 'rgdOffset', offset: 48, bytes: 8 },
  { name: 'gdOffset', offset: 56, bytes: 8 },
  { name: 'overHead', offset: 64, bytes: 8 },
  { name: 'uncleanShutdown', offset: 72, bytes: 1 },
  { name: 'lineEnds', offset: 73, bytes: 4 },
  { name: 'compressAlgorithm', offset: 77, bytes: 2 },
] as const

export type VmdkHeader = Record<(typeof headerFields)[number]['name'], bigint>

/** Header of a disk of `capacity` sectors. The footer is the same with the real directory offset. */
export function createHeader(capacity: bigint, gdOffset: bigint): VmdkHeader {
  return {
    magic: 0x564d444bn, // "KDMV"
    version: 3n, // ESXi refuses compressed disks of version 1
    flags: 0x30001n, // valid line ends, compressed grains, markers
    capacity,
    grainSize: BigInt(grainSectors),
    descriptorOffset: BigInt(descriptorOffsetSectors),
    descriptorSize: BigInt(descriptorSectors),
    numGTEsPerGT: BigInt(entriesPerTable),
    rgdOffset: 0n,
    gdOffset,
    overHead: BigInt(overheadSectors),
    uncleanShutdown: 0n,
    lineEnds: 0x0a0d200an, // "\n \r\n", damaged by any transfer in text mode
    compressAlgorithm: 1n, // deflate
  }
}

export function encodeHeader(header: VmdkHeader): Buffer {
  const sector = Buffer.alloc(sectorBytes)
  for (const { name, offset, bytes } of headerFields) {
    if (bytes === 8) sector.writeBigUInt64LE(header[name], offset)
    else sector.writeUIntLE(Number(header[name]), offset, bytes)
  }
  return sector
}

/** Reads the fields as they are: whether they make sense is the caller's question. `sector` has 512 bytes. */
export function parseHeader(sector: Buffer): VmdkHeader {
  const header = createHeader(0n, 0n)
  for (const { name, offset, bytes } of headerFields) {
    header[name] = bytes === 8 ? sector.readBigUInt64LE(offset) : BigInt(sector.readUIntLE(offset, bytes))
  }
  return header
}

/** A grain as stored: {u64 first sector on the disk, u32 length} and zlib data, filled up to a whole sector. */
export function encodeGrain(grainIndex: number, deflated: Buffer): Buffer {
  const stored = Buffer.alloc(Math.ceil((12 + deflated.length) / sectorBytes) * sectorBytes)
  stored.writeBigUInt64LE(BigInt(grainIndex * grainSectors), 0)
  stored.writeUInt32LE(deflated.length, 8)
  deflated.copy(stored, 12)
  return stored
}

/** The sector in front of a table, directory or footer of `sectors` sectors. */
export function encodeMarker(type: number, sectors: number): Buffer {
  const marker = Buffer.alloc(sectorBytes)
  marker.writeBigUInt64LE(BigInt(sectors), 0)
  marker.writeUInt32LE(type, 12)
  return marker
}

export type Marker =
  | { kind: 'grain'; firstSector: bigint; deflatedBytes: number }
  | { kind: 'metadata'; type: number; sectors: bigint }

export function parseMarker(sector: Buffer): Marker {
  const value = sector.readBigUInt64LE(0)
  const deflatedBytes = sector.readUInt32LE(8)
  if (deflatedBytes > 0) return { kind: 'grain', firstSector: value, deflatedBytes }
  return { kind: 'metadata', type: sector.readUInt32LE(12), sectors: value }
}

/** How many grain tables a disk has, and how many sectors their directory takes. */
export function planTables(capacitySectors: number): { tables: number; directorySectors: number } {
  const tables = Math.ceil(capacitySectors / (grainSectors * entriesPerTable))
  return { tables, directorySectors: Math.ceil((tables * 4) / sectorBytes) }
}
