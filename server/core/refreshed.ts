/** A value that is read from elsewhere: kept for a while, and usable for longer while it cannot be read again. */
import { messageOf } from './errors.ts'

export interface RefreshedDependencies<Value> {
  /** Rejects with an Error that says why there is none. */
  read(): Promise<Value>
  nowMs(): number
  onFailure(cause: string): void
}

export interface Refreshed<Value> {
  /** Rejects with an Error that says why there is none. `isNewer`: the one known is not enough; read again if that is not just done. */
  get(isNewer?: boolean): Promise<Value>
}

/** A change at the source is seen within this time. */
const freshMs = 600_000
/** A source that is out of reach for less is not missed. */
const usableMs = 24 * 3_600_000
/** The source is asked at most so often, whatever callers want. */
export const pauseMs = 10_000

/** `fetch` itself says no more than that it failed. */
const causeOf = (thrown: unknown): string =>
  [thrown, thrown instanceof Error ? thrown.cause : undefined].filter(Boolean).map(messageOf).join(': ')

export function createRefreshed<Value>({ read, nowMs, onFailure }: RefreshedDependencies<Value>): Refreshed<Value> {
  let kept: { value: Value; readMs: number } | undefined
  let triedMs = -Infinity
  let failure = ''
  let reading: Promise<void> | undefined

  async function refresh(): Promise<void> {
    triedMs = nowMs()
    try {
      kept = { value: await read(), readMs: triedMs }
    } catch (thrown) {
      failure = causeOf(thrown)
      onFailure(failure)
    }
  }

  const isDue = (isNewer: boolean): boolean => {
    const isEnough = !isNewer && kept !== undefined && nowMs() - kept.readMs < freshMs
    return !isEnough && nowMs() - triedMs >= pauseMs
  }

  return {
    get: async (isNewer = false) => {
      if (isDue(isNewer)) reading ??= refresh().finally(() => (reading = undefined))
      await reading
      if (kept && nowMs() - kept.readMs < usableMs) return kept.value
      throw new Error(failure)
    },
  }
}
