/** Follows a streamOptimized VMDK from its first grain to its last sector and tells what stands where. */
import { markerTypes, overheadSectors, parseMarker, planTables, sectorBytes, tableSectors } from '../vmdk-layout.ts'
import type { ByteWindow } from './byte-window.ts'
import type { Report } from './check.ts'
import { checkContent, checkMarker, maxDeflatedBytes, storedBytes } from './vmdk-grain.ts'
import { checkHeader } from './vmdk-header.ts'

export interface WalkReports {
  grains: Report
  end: Report
}

export interface Directory {
  sector: number
  entries: Buffer
}

/** What the walk found; places are sectors of the file. */
export interface VmdkContents {
  /** Where each grain's marker stands, by grain index. */
  grains: Map<number, number>
  tables: Map<number, Buffer>
  directory?: Directory
  /** Whether the walk came to an end-of-stream marker that ends the file. */
  whole: boolean
}

export interface WalkOptions {
  capacitySectors: number
  reports: WalkReports
  /** Gets each whole grain in the order of the file. */
  onGrain(grainIndex: number, raw: Buffer): void
}

interface Walk extends WalkOptions {
  vmdk: ByteWindow
  contents: VmdkContents
  lastGrainIndex: number
  footerSeen: boolean
}

/** Each step gives the number of sectors to go on, or nothing where the file cannot be followed further. */
type Sectors = number | undefined

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
  if (walk.contents.directory) report(at, 'a grain stands behind the grain directory', 'all grains before it')
  const grain = { ...marker, stored, at }
  const index = checkMarker(grain, walk.capacitySectors, report)
  const raw = checkContent(grain, report)
  if (index === undefined) return bytes / sectorBytes
  if (index <= walk.lastGrainIndex) {
    report(at, `grain ${index} follows grain ${walk.lastGrainIndex}`, 'ascending grains')
  }
  walk.lastGrainIndex = index
  walk.contents.grains.set(index, sector)
  if (raw) walk.onGrain(index, raw)
  return bytes / sectorBytes
}

/** Tables, directory and footer: the marker's own count must be the one that follows from the capacity. */
async function visitMetadata(walk: Walk, sector: number, marker: { type: number; sectors: bigint }): Promise<Sectors> {
  const { end } = walk.reports
  const { directorySectors } = planTables(walk.capacitySectors)
  const sizes = new Map<number, number>([
    [markerTypes.grainTable, tableSectors],
    [markerTypes.grainDirectory, directorySectors],
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
  if (marker.type === markerTypes.grainTable) walk.contents.tables.set(sector + 1, content)
  if (marker.type === markerTypes.grainDirectory) walk.contents.directory = { sector: sector + 1, entries: content }
  if (marker.type === markerTypes.footer) {
    const gdOffset = BigInt(walk.contents.directory?.sector ?? 0)
    checkHeader(content, { at: at + sectorBytes, gdOffset, capacity: BigInt(walk.capacitySectors) }, end)
  }
  walk.footerSeen = marker.type === markerTypes.footer
  return expected + 1
}

function visitEnd(walk: Walk, sector: number): void {
  const { end } = walk.reports
  const at = sector * sectorBytes
  const following = walk.vmdk.bytes - at - sectorBytes
  if (!walk.footerSeen) end(at, 'the stream ends without a footer in front', 'grain directory, footer, end of stream')
  if (following > 0) {
    const problem = `the end of the stream is not the end of the file: ${following} bytes follow, as zero padding does`
    end(at + sectorBytes, problem, 'end of stream in the last sector')
  }
  walk.contents.whole = following === 0
}

/** Reads the disk once from front to end; the contents of grains are handed on, never kept. */
export async function walkVmdk(vmdk: ByteWindow, options: WalkOptions): Promise<VmdkContents> {
  const contents: VmdkContents = { grains: new Map(), tables: new Map(), whole: false }
  const walk: Walk = { ...options, vmdk, contents, lastGrainIndex: -1, footerSeen: false }
  for (let sector = overheadSectors; ; ) {
    const bytes = await vmdk.read(sector * sectorBytes, sectorBytes)
    if (bytes.length < sectorBytes) {
      options.reports.end(vmdk.bytes, 'no end-of-stream marker: the disk was cut short', 'footer and end of stream')
      return contents
    }
    const marker = parseMarker(bytes)
    if (marker.kind === 'metadata' && marker.type === markerTypes.endOfStream) {
      if (bytes.some(byte => byte !== 0)) options.reports.end(sector * sectorBytes, 'data in the last marker', 'zeros')
      visitEnd(walk, sector)
      return contents
    }
    const step: Sectors =
      marker.kind === 'grain' ? await visitGrain(walk, sector, marker) : await visitMetadata(walk, sector, marker)
    if (step === undefined) return contents
    sector += step
  }
}
