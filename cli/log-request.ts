/** Owns what the server is asked for when logs are read, anew for each connection. */
import type { ApiRequest } from './client.ts'
import type { LogPrinter } from './log-printer.ts'

export interface LogTarget {
  readonly functionName: string
  /** Undefined: all runs of the function. */
  readonly run: string | undefined
}

export interface LogWish {
  readonly follow: boolean
  /** Unix seconds. */
  readonly since?: bigint | undefined
}

export function planLogs({ functionName, run }: LogTarget, { follow, since }: LogWish): ApiRequest {
  const query = { ...(follow && { follow: 'true' }), ...(since !== undefined && { since: String(since) }) }
  if (run === undefined) return { method: 'GET', path: ['v1', 'function', functionName, 'logs'], query }
  const ofFunction = functionName !== '' && { functionName }
  return { method: 'GET', path: ['v1', 'runs', run, 'logs'], query: { ...ofFunction, ...query } }
}

export interface Following {
  readonly target: LogTarget
  readonly printer: LogPrinter
  readonly startedSeconds: bigint
  /** Of the first connection. */
  readonly wish: LogWish
}

/** What came while nobody was connected is told by the next connection; what it repeats is not printed again. */
export const planFollowing =
  ({ target, printer, startedSeconds, wish }: Following) =>
  (isFirst: boolean): ApiRequest => {
    const since = isFirst || target.run !== undefined ? wish.since : (printer.lastSeconds ?? startedSeconds) - 1n
    return planLogs(target, { ...wish, since })
  }
