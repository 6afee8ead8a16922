/** Ends work of this thread that takes too long, wherever in it that is: nothing else could run before it has ended by itself. */
import { createContext, Script } from 'node:vm'

export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError'
}

/**
 * Does work that does not pause; throws TimeLimitError when its time is over. Costs a tenth of a millisecond. Begun anew where
 * others had the cores meanwhile: it must have no effect before its end.
 */
export type TimeLimit = <T>(work: () => T) => T

/** It is an Error of the context, which is none of ours. */
const isOver = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && Reflect.get(thrown, 'code') === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

/** Each has more time than the one before. */
const maxTries = 3

/** Of a core, by this thread. */
function ownMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

export function createTimeLimit(limitMs: number): TimeLimit {
  const holder: { work: () => unknown } = { work: () => undefined }
  let prepared: { script: Script; context: object } | undefined
  const attempt = <T>(work: () => T, timeout: number): T => {
    prepared ??= { script: new Script('work()'), context: createContext(holder) }
    holder.work = work
    try {
      return prepared.script.runInContext(prepared.context, { timeout })
    } finally {
      holder.work = () => undefined
    }
  }
  return work => {
    for (let tries = 1; ; tries += 1) {
      const [begunMs, timeout] = [ownMs(), tries * limitMs]
      try {
        return attempt(work, timeout)
      } catch (thrown) {
        if (!isOver(thrown)) throw thrown
        if (ownMs() - begunMs >= limitMs / 2 || tries === maxTries)
          throw new TimeLimitError(`it takes longer than ${limitMs / 1000} s`, { cause: thrown })
      }
    }
  }
}
