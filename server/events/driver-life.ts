/** How a driver's container has fared, and what follows from that: when it is started, and what is told of it. Pure. */
import { planRetryMs } from '../core/backoff.ts'
import type { DriverState } from './driver-runner.ts'

/** Of the containers of a driver with the same settings. */
export interface Life {
  fingerprint: string
  /** When the present container was started, or first seen; milliseconds from any beginning, as all times here. */
  sinceMs: number
  /** In a row, with the reason of the last one. */
  failures: number
  reason: string | undefined
  /** Nothing is started before. */
  dueMs: number
}

/** What has run for so long has its failures forgiven. */
const stableMs = 60_000
/** From then on the driver is in ERROR; before that its failures may be an accident. */
const tolerated = 2

export const newLife = (fingerprint: string, nowMs: number): Life => ({
  fingerprint,
  sinceMs: nowMs,
  failures: 0,
  reason: undefined,
  dueMs: nowMs,
})

export const withFailure = (life: Life, reason: string, nowMs: number): Life => {
  const ranMs = nowMs - life.sinceMs
  const failures = (ranMs >= stableMs ? 0 : life.failures) + 1
  return { ...life, failures, reason, dueMs: nowMs + planRetryMs(failures) }
}

/** What is told while nothing runs, or nothing has run for long enough. */
export const stateOfWaiting = ({ failures, reason }: Life, againMs: number): DriverState => {
  if (reason === undefined) return { is: 'starting', againMs }
  if (failures <= tolerated) return { is: 'starting', reason, againMs }
  return { is: 'failed', reason, againMs }
}

export interface Running {
  nowMs: number
  /** What has run for so long is taken to work. */
  settleMs: number
  /** When it is exposed. */
  url?: string | undefined
}

/** What is told of a container that runs. */
export const stateOfRunning = (life: Life, { nowMs, settleMs, url }: Running): DriverState => {
  const leftMs = life.sinceMs + settleMs - nowMs
  if (leftMs > 0) return stateOfWaiting(life, leftMs)
  return { is: 'ready', ...(url !== undefined && { url }) }
}

export interface Ended {
  exitCode: number
  outOfMemory: boolean
  /** The last lines that it printed. */
  lines: string[]
}

const maxToldLength = 500

/** Of a value with several lines each is one; longer ones come first, in which others may lie. */
const linesOf = (hidden: readonly string[]): string[] =>
  hidden
    .flatMap(value => value.split('\n'))
    .map(line => line.trim())
    .filter(({ length }) => length >= 4)
    .toSorted((a, b) => b.length - a.length)

/** `hidden`: values that must not be told. */
export function renderEnd({ exitCode, outOfMemory, lines }: Ended, memoryMebibytes: number, hidden: string[]): string {
  const how = outOfMemory
    ? `it used up its ${memoryMebibytes} MiB of memory`
    : `its program ended with code ${exitCode}`
  const said = lines.map(line => line.trim()).join(' | ')
  const masked = linesOf(hidden).reduce((text, line) => text.replaceAll(line, '***'), said)
  return `${how}${masked === '' ? '' : `: ${masked.slice(-maxToldLength)}`}; it is started again`
}
