/** The machine's clock, randomness and disk, behind the ports that the rest of the server takes them through. */
import { randomUUID } from 'node:crypto'
import { statfsSync } from 'node:fs'
import type { Clock, Ids, WallClock } from './core/clock.ts'
import type { DiskSpace } from './metrics/catalogue.ts'

/** Of the wall clock, before it is followed. */
const maxAheadNs = 50_000_000n

/** What time is taken from. */
export interface TimeSources {
  /** Unix time, which somebody may set. */
  wallMs(): number
  /** Goes on evenly, from any beginning. */
  monotonicNs(): bigint
}

const machine: TimeSources = { wallMs: () => Date.now(), monotonicNs: () => process.hrtime.bigint() }

/**
 * Wall time with the resolution of the monotonic clock. Jumps ahead with the wall clock, when that is set or the machine
 * slept; when it is set back, time goes on as it elapses, and stays ahead for as long as the server runs or until the
 * wall clock has overtaken it. Each reading is later than the one before.
 */
export function createClock({ wallMs, monotonicNs }: TimeSources = machine): Clock {
  let offsetNs = BigInt(wallMs()) * 1_000_000n - monotonicNs()
  let lastNs = 0n
  return {
    nowNs: () => {
      const elapsedNs = monotonicNs()
      const aheadNs = BigInt(wallMs()) * 1_000_000n - elapsedNs - offsetNs
      if (aheadNs > maxAheadNs) offsetNs += aheadNs
      const nowNs = elapsedNs + offsetNs
      lastNs = nowNs > lastNs ? nowNs : lastNs + 1n
      return lastNs
    },
  }
}

export const createWallClock = (): WallClock => ({
  nowMs: machine.wallMs,
  ring: (afterMs, call) => {
    const timer = setTimeout(call, afterMs)
    return () => clearTimeout(timer)
  },
})

const lastInMs = 0xfff

/**
 * UUID version 7 (RFC 9562, method 1): 48 bits of Unix milliseconds, 12 bits that count those of one millisecond, then random
 * bits, which Node keeps ready for version 4. Each is greater than the one before, also when the clock is set back.
 */
function createUuidV7(): Pick<Ids, 'runId' | 'passRunId'> {
  let timeMs = 0
  let time = ''
  let count = 0
  const moveTo = (ms: number): void => {
    timeMs = ms
    const digits = ms.toString(16).padStart(12, '0')
    time = `${digits.slice(0, 8)}-${digits.slice(8)}-7`
    count = 0
  }
  const next = (nowMs: number): string => {
    if (nowMs > timeMs) moveTo(nowMs)
    else if (count === lastInMs) moveTo(timeMs + 1)
    else count += 1
    return time + count.toString(16).padStart(3, '0') + randomUUID().slice(18)
  }
  return {
    runId: () => next(Date.now()),
    passRunId: id => {
      const ms = Number.parseInt(id.replace('-', '').slice(0, 12), 16)
      if (ms >= timeMs) moveTo(ms + 1)
    },
  }
}

/** Of the disk that has the directory; undefined while nobody can tell. */
export const createDiskReader = (directory: string) => (): DiskSpace | undefined => {
  try {
    const { bsize, blocks, bavail } = statfsSync(directory)
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  } catch {
    return undefined
  }
}

export const createIds = (): Ids => ({ uuid: randomUUID, ...createUuidV7() })
