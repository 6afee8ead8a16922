/** Checks a whole disk: header, embedded descriptor, grains, tables and end. */
import { createContentId } from '../content-id.ts'
import { encodeVmdkDescriptor } from '../vmdk-descriptor.ts'
import {
  descriptorOffsetSectors,
  descriptorSectors,
  directoryInFooter,
  grainBytes,
  sectorBytes,
} from '../vmdk-layout.ts'
import type { ByteWindow } from './byte-window.ts'
import { type Check, createCheck, quote, type Report, reportTo } from './check.ts'
import { createTableCheck } from './grain-tables.ts'
import { checkHeader } from './vmdk-header.ts'
import { walkVmdk } from './vmdk-walk.ts'

export interface VerifiedVmdk {
  checks: Check[]
  /** Unknown when the header cannot be read. */
  capacityBytes?: number
  /** Unknown when the disk cannot be followed to its end. */
  populatedBytes?: number
}

const areaOffset = descriptorOffsetSectors * sectorBytes
const linesOf = (area: Buffer) => area.toString('latin1').replace(/\0+$/, '').split('\n')

/** The text follows from name, size and content alone, so it is compared as a whole and reported by line. */
function checkDescriptor(area: Buffer, expected: Buffer, report: Report): void {
  if (area.equals(expected)) return
  const lines = linesOf(area)
  const expectedLines = linesOf(expected)
  const at = expectedLines.findIndex((line, index) => lines[index] !== line)
  const first = at < 0 ? expectedLines.length : at
  const offset = areaOffset + lines.slice(0, first).join('\n').length + (first > 0 ? 1 : 0)
  const found = quote(lines[first] ?? 'nothing')
  report(offset, `the embedded descriptor's line ${first + 1} is ${found}`, quote(expectedLines[first] ?? 'only zeros'))
}

/** `name` is the member's name, which the embedded descriptor must repeat. */
export async function verifyVmdk(vmdk: ByteWindow, name: string): Promise<VerifiedVmdk> {
  const header = createCheck(`${name}: header of a streamOptimized VMDK, version 3`)
  const grains = createCheck(`${name}: every grain inflates to 64 KiB, in ascending order`)
  const tables = createCheck(`${name}: grain directory and tables name every grain`)
  const end = createCheck(`${name}: ends with footer and end of stream, nothing behind`)
  const descriptor = createCheck(`${name}: embedded descriptor, CID from the content`)
  const first = await vmdk.read(0, sectorBytes)
  const capacitySectors = checkHeader(first, { at: 0, gdOffset: directoryInFooter }, reportTo(header, name))
  if (capacitySectors === undefined) return { checks: [header] }
  const area = Buffer.from(await vmdk.read(areaOffset, descriptorSectors * sectorBytes))
  const capacityBytes = capacitySectors * sectorBytes
  const content = createContentId(capacityBytes)
  const walked = await walkVmdk(vmdk, {
    capacitySectors,
    tables: createTableCheck(capacitySectors, reportTo(tables, name)),
    reports: { grains: reportTo(grains, name), end: reportTo(end, name) },
    onGrain: content.add,
  })
  // Of a disk that could not be followed to its end nothing is known as a whole, of one with a broken grain not its CID.
  const reached = walked.whole || tables.findings.length > 0 ? [tables] : []
  const checks = [header, grains, ...reached, end]
  if (!walked.whole) return { checks, capacityBytes }
  const populatedBytes = walked.grains * grainBytes
  if (grains.findings.length > 0) return { checks, capacityBytes, populatedBytes }
  const expected = encodeVmdkDescriptor({ fileName: name, capacitySectors, cid: content.cid() })
  checkDescriptor(area, expected, reportTo(descriptor, name))
  return { checks: [header, descriptor, grains, tables, end], capacityBytes, populatedBytes }
}
