/** Follows a streamOptimized VMDK from its first grain to its last sector, and hands on what stands there. */
import { markerTypes, overheadSectors, parseMarker, planTables, sectorBytes, tableSectors } from '../vmdk-layout.ts'
import type { ByteWindow } from './byte-window.ts'
import type { Report } from './check.ts'
import type { TableCheck } from './grain-tables.ts'
import { checkContent, checkMarker, maxDeflatedBytes, storedBytes } from './vmdk-grain.ts'
import { checkHeader } from './vmdk-header.ts'

export interface WalkOptions {
  capacitySectors: number
  tables: TableCheck
  reports: { grains: Report; end: Report }
  /** Gets each whole grain in the order of the file. */
  onGrain(grainIndex: number, raw: Buffer): void
}

export interface Walked {
  grains: number
  /** Whether the walk came to an end-of-stream marker that ends the file. */
  whole: boolean
}

/** What has come last. Each part stands behind the one before it, and all but grains and tables are there once. */
const parts = ['grains and tables', 'directory', 'footer'] as const

interface Walk extends WalkOptions {
  vmdk: ByteWindow
  grains: number
  lastGrainIndex: number
  /** Index of `parts`. */
  part: number
  directorySector: number
}

/** Each step gives the number of sectors to go on, or nothing where the file cannot be followed further. */
type Sectors = number | undefined

/** Says so when this stands behind something else than `previous`, and goes on from there. */
function enter(walk: Walk, at: number, { what, previous, next }: { what: string; previous: number; next: number }) {
  if (walk.part !== previous) {
    const problem = `${what} behind the ${parts[walk.part]}`
    walk.reports.end(at, problem, `grains and tables, one directory, one footer, one end of stream`)
  }
  walk.part = next
}

async function visitGrain(walk: Walk, sector: number, marker: { firstSector: bigint; deflatedBytes: number }) {
  const { grains: report, end } = walk.reports
  const at = sector * sectorBytes
  if (marker.deflatedBytes > maxDeflatedBytes) {
    report(at + 8, `the grain claims ${marker.deflatedBytes} bytes`, `at most ${maxDeflatedBytes}`)
    return undefined
  }
  const bytes = storedBytes(marker.deflatedBytes)
  const stored = await walk.vmdk.read(at, bytes)
  if (stored.length < bytes) {
    end(walk.vmdk.bytes, 'the disk ends within a grain: it was cut short', `${bytes - stored.length} more bytes`)
    return undefined
  }
  enter(walk, at, { what: 'a grain', previous: 0, next: 0 })
  const grain = { ...marker, stored, at }
  const index = checkMarker(grain, walk.capacitySectors, report)
  const raw = checkContent(grain, report)
  if (index === undefined) return bytes / sectorBytes
  if (index <= walk.lastGrainIndex) {
    report(at, `grain ${index} follows grain ${walk.lastGrainIndex}`, 'ascending grains')
  }
  walk.lastGrainIndex = index
  walk.grains += 1
  walk.tables.addGrain(index, sector)
  if (raw) walk.onGrain(index, raw)
  return bytes / sectorBytes
}

function visitContent(walk: Walk, place: { sector: number; type: number }, content: Buffer): void {
  const sector = place.sector + 1
  const at = place.sector * sectorBytes
  if (place.type === markerTypes.grainTable) {
    enter(walk, at, { what: 'a grain table', previous: 0, next: 0 })
    walk.tables.addTable(sector, content)
  } else if (place.type === markerTypes.grainDirectory) {
    enter(walk, at, { what: 'a grain directory', previous: 0, next: 1 })
    walk.tables.addDirectory(sector, content)
    walk.directorySector = sector
  } else {
    enter(walk, at, { what: 'a footer', previous: 1, next: 2 })
    const promised = { at: sector * sectorBytes, gdOffset: BigInt(walk.directorySector) }
    checkHeader(content, { ...promised, capacity: BigInt(walk.capacitySectors) }, walk.reports.end)
  }
}

/** Tables, directory and footer: the marker's own count must be the one that follows from the capacity. */
async function visitMetadata(walk: Walk, sector: number, marker: { type: number; sectors: bigint }): Promise<Sectors> {
  const { end } = walk.reports
  const sizes = new Map<number, number>([
    [markerTypes.grainTable, tableSectors],
    [markerTypes.grainDirectory, planTables(walk.capacitySectors).directorySectors],
    [markerTypes.footer, 1],
  ])
  const expected = sizes.get(marker.type)
  const at = sector * sectorBytes
  if (expected === undefined || marker.sectors !== BigInt(expected)) {
    const known = 'a grain, a table, the directory, the footer or the end of the stream'
    const problem = `a marker of type ${marker.type} with ${marker.sectors} sectors`
    end(at, problem, expected === undefined ? known : `${expected} sectors`)
    return undefined
  }
  const content = Buffer.from(await walk.vmdk.read(at + sectorBytes, expected * sectorBytes))
  if (content.length < expected * sectorBytes) {
    end(walk.vmdk.bytes, 'the disk ends within its tables: it was cut short', `${expected} sectors of content`)
    return undefined
  }
  visitContent(walk, { sector, type: marker.type }, content)
  return expected + 1
}

/** Whether the end of the stream is that of the file. */
function visitEnd(walk: Walk, sector: number): boolean {
  const at = sector * sectorBytes
  const following = walk.vmdk.bytes - at - sectorBytes
  enter(walk, at, { what: 'the end of the stream', previous: 2, next: 2 })
  if (following > 0) {
    const problem = `the end of the stream is not the end of the file: ${following} bytes follow, as zero padding does`
    walk.reports.end(at + sectorBytes, problem, 'end of stream in the last sector')
  }
  return following === 0
}

/** Reads the disk once from front to end; the contents of grains are handed on, never kept. */
export async function walkVmdk(vmdk: ByteWindow, options: WalkOptions): Promise<Walked> {
  const walk: Walk = { ...options, vmdk, grains: 0, lastGrainIndex: -1, part: 0, directorySector: 0 }
  const { end } = options.reports
  for (let sector = overheadSectors; ; ) {
    const bytes = await vmdk.read(sector * sectorBytes, sectorBytes)
    if (bytes.length < sectorBytes) {
      end(vmdk.bytes, 'no end-of-stream marker: the disk was cut short', 'footer and end of stream')
      return { grains: walk.grains, whole: false }
    }
    const marker = parseMarker(bytes)
    // A grain's data begins in its marker's sector; the other markers have nothing but their numbers.
    if (marker.kind === 'metadata' && bytes.subarray(16).some(byte => byte !== 0)) {
      end(sector * sectorBytes + 16, 'data in the unused part of a marker', 'zeros')
    }
    if (marker.kind === 'metadata' && marker.type === markerTypes.endOfStream && marker.sectors === 0n) {
      return { grains: walk.grains, whole: visitEnd(walk, sector) }
    }
    const step: Sectors =
      marker.kind === 'grain' ? await visitGrain(walk, sector, marker) : await visitMetadata(walk, sector, marker)
    if (step === undefined) return { grains: walk.grains, whole: false }
    sector += step
  }
}
