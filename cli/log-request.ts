/** Owns what the server is asked for when logs are read, anew for each connection. */
import type { ApiRequest } from './client.ts'
import type { LogPrinter } from './log-printer.ts'

export interface LogTarget {
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string>>
  /** A run or a build, whose stream has an end; not the runs of a function. */
  readonly isSingle: boolean
}

export const functionLogs = (name: string): LogTarget => ({ path: ['v1', 'function', name, 'logs'], isSingle: false })

/** `functionName`: '' where it is not known. */
export const runLogs = (run: string, functionName: string): LogTarget => ({
  path: ['v1', 'runs', run, 'logs'],
  ...(functionName !== '' && { query: { functionName } }),
  isSingle: true,
})

export const imageLogs = (name: string): LogTarget => ({ path: ['v1', 'image', name, 'logs'], isSingle: true })

export interface LogWish {
  readonly follow: boolean
  /** Unix seconds. */
  readonly since?: bigint | undefined
}

export function planLogs({ path, query }: LogTarget, { follow, since }: LogWish): ApiRequest {
  const asked = { ...(follow && { follow: 'true' }), ...(since !== undefined && { since: String(since) }) }
  return { method: 'GET', path, query: { ...query, ...asked } }
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
    const since = isFirst || target.isSingle ? wish.since : (printer.lastSeconds ?? startedSeconds) - 1n
    return planLogs(target, { ...wish, since })
  }
