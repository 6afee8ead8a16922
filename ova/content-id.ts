/** The identity of a disk's content: equal content has an equal CID, however and whenever it was compressed. */
import { createHash } from 'node:crypto'

export interface ContentId {
  add(grainIndex: number, raw: Buffer): void
  /** Eight hex digits. The top bit is cleared, for VMware reserves ffffffff (no parent) and fffffffe. */
  cid(): string
}

/** Takes the grains that are not all zero, in ascending order, as 64 KiB each. */
export function createContentId(capacityBytes: number): ContentId {
  const hash = createHash('sha256')
  const place = Buffer.alloc(8)
  const addNumber = (value: number) => {
    place.writeBigUInt64LE(BigInt(value))
    hash.update(place)
  }
  addNumber(capacityBytes)
  return {
    add(grainIndex, raw) {
      addNumber(grainIndex)
      hash.update(raw)
    },
    cid: () => (hash.copy().digest().readUInt32BE(0) & 0x7fff_ffff).toString(16).padStart(8, '0'),
  }
}
