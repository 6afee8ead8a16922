/** The machine's clock and randomness, behind the ports that the rest of the server takes them through. */
import { randomUUID } from 'node:crypto'
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

/** UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits, which Node keeps ready for version 4. */
function createUuidV7(): () => string {
  let timeMs = 0
  let prefix = ''
  return () => {
    const nowMs = Date.now()
    if (nowMs !== timeMs) {
      const time = nowMs.toString(16).padStart(12, '0')
      timeMs = nowMs
      prefix = `${time.slice(0, 8)}-${time.slice(8)}-7`
    }
    return prefix + randomUUID().slice(15)
  }
}

export const createIds = (): Ids => ({ uuid: randomUUID, runId: createUuidV7() })
