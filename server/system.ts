/** The machine's clock and randomness, behind the ports that the rest of the server takes them through. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock, Ids } from './core/clock.ts'

const maxDriftNs = 50_000_000n

/** Wall time with the resolution of the monotonic clock; follows the wall clock when that is set or the machine slept. */
export function createClock(): Clock {
  const wallNs = () => BigInt(Date.now()) * 1_000_000n
  let offsetNs = wallNs() - process.hrtime.bigint()
  let lastNs = 0n
  return {
    nowNs: () => {
      const driftNs = wallNs() - process.hrtime.bigint() - offsetNs
      if (driftNs > maxDriftNs || driftNs < -maxDriftNs) offsetNs += driftNs
      const nowNs = process.hrtime.bigint() + offsetNs
      lastNs = nowNs > lastNs ? nowNs : lastNs + 1n
      return lastNs
    },
  }
}

/** UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits. */
function createUuidV7(): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(Date.now(), 0, 6)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export const createIds = (): Ids => ({ uuid: randomUUID, runId: createUuidV7 })
