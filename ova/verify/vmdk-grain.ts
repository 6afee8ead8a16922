/** Checks one stored grain: its marker, its zlib stream and the zeros behind it. */
import { inflateSync } from 'node:zlib'
import { grainBytes, grainSectors, sectorBytes } from '../vmdk-layout.ts'
import type { Report } from './check.ts'

export interface StoredGrain {
  /** First sector on the disk, from the marker. */
  firstSector: bigint
  /** Marker, data and filling, in whole sectors. */
  stored: Buffer
  deflatedBytes: number
  /** Byte offset of the marker in the file. */
  at: number
}

/** The most that deflate makes of a grain that does not compress; what claims more is no grain. */
export const maxDeflatedBytes = grainBytes + 1024
export const storedBytes = (deflatedBytes: number) => Math.ceil((12 + deflatedBytes) / sectorBytes) * sectorBytes

const isZero = (bytes: Buffer) => bytes.every(byte => byte === 0)

function inflateGrain(deflated: Buffer): { raw?: Buffer; usedBytes?: number; problem?: string } {
  try {
    // With `info` Node answers with the buffer and the engine that made it, which knows how much it read.
    const result: unknown = inflateSync(deflated, { info: true, chunkSize: grainBytes, maxOutputLength: grainBytes })
    if (typeof result !== 'object' || result === null || !('buffer' in result) || !('engine' in result)) return {}
    const { buffer, engine } = result
    if (!Buffer.isBuffer(buffer) || typeof engine !== 'object' || engine === null) return {}
    const usedBytes = 'bytesWritten' in engine ? Number(engine.bytesWritten) : deflated.length
    return { raw: buffer, usedBytes }
  } catch (thrown) {
    return { problem: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}

/** The grain's number on the disk, when the marker names one that the disk has. */
export function checkMarker({ firstSector, at }: StoredGrain, capacitySectors: number, report: Report) {
  if (firstSector % BigInt(grainSectors) === 0n && firstSector < BigInt(capacitySectors)) {
    return Number(firstSector) / grainSectors
  }
  const expected = `a multiple of ${grainSectors} below the capacity of ${capacitySectors} sectors`
  report(at, `the marker says sector ${firstSector}`, expected)
  return undefined
}

/** The grain's content, when it can be used. */
export function checkContent({ firstSector, stored, deflatedBytes, at }: StoredGrain, report: Report) {
  const { raw, usedBytes, problem } = inflateGrain(stored.subarray(12, 12 + deflatedBytes))
  if (raw?.length !== grainBytes) {
    const size = raw ? `inflates to ${raw.length} bytes` : `does not inflate (${problem})`
    report(at + 12, `the grain of sector ${firstSector} ${size}`, `a zlib stream of ${grainBytes} bytes`)
    return undefined
  }
  if (usedBytes !== deflatedBytes) report(at + 12 + Number(usedBytes), 'data follows the zlib stream', 'its end')
  if (!isZero(stored.subarray(12 + deflatedBytes))) report(at + 12 + deflatedBytes, 'data fills the sector', 'zeros')
  if (isZero(raw)) report(at, `the grain of sector ${firstSector} holds only zeros`, 'zero grains left out')
  return raw
}
