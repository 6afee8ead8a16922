/** What nobody needs any more is removed, each thing apart: what cannot be now is tried again with growing pauses. */
import { planRetryMs } from '../core/backoff.ts'
import { messageOf } from '../core/errors.ts'
import type { EngineLog } from './options.ts'

export interface Removals {
  /** Resolves when it was tried, at once. Never rejects: what fails is tried again later. */
  begin(what: string, remove: () => Promise<void>): Promise<void>
  /** The last attempt for whatever is left. Never rejects. */
  close(): Promise<void>
}

export function createRemovals(log: EngineLog): Removals {
  /** What is left, and how it is tried. */
  const left = new Map<string, () => Promise<void>>()
  let closed = false

  function track(what: string, remove: () => Promise<void>): () => Promise<void> {
    let failures = 0
    let retry: NodeJS.Timeout | undefined
    let trying: Promise<void> | undefined
    const fail = (thrown: unknown) => {
      failures += 1
      const retryMs = planRetryMs(failures)
      log.warn({ what, cause: messageOf(thrown), retryMs }, 'could not remove what nobody needs; trying again')
      if (!closed) retry = setTimeout(attempt, retryMs)
    }
    const attempt = () => {
      clearTimeout(retry)
      trying ??= remove()
        .then(() => void left.delete(what), fail)
        .finally(() => {
          trying = undefined
        })
      return trying
    }
    left.set(what, attempt)
    return attempt
  }

  return {
    begin: (what, remove) => (left.get(what) ?? track(what, remove))(),
    close: async () => {
      closed = true
      await Promise.all([...left.values()].map(attempt => attempt()))
    },
  }
}
