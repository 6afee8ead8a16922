/**
 * The builds of a server: one for each content, however many images want it, so many at once, the others in order. A failed one is
 * tried again after growing pauses for as long as an image wants it; one that nobody wants any more is cancelled.
 */
import type { LogStream } from '../core/execution.ts'
import { BuildFailure } from './build-failure.ts'
import type { BuildLines, BuildLog } from './build-log.ts'
import type { BuildRequest } from './content.ts'

export interface BuildTools {
  /** Gets each line as the build prints it. */
  onLine(stream: LogStream, line: string): void
  /** Ends the build, and leaves nothing of it. */
  signal: AbortSignal
}

/** Resolves when Docker holds the content. Rejects with BuildFailure when the image, or what it asks for, is at fault. */
export type Build = (request: BuildRequest, tools: BuildTools) => Promise<void>

/** Who wants a content: an image, by the key of its loop. */
export interface Wanter {
  key: string
  id: string
  org: string
  name: string
}

/** Why the content is not there, and when it is tried again. */
export interface Failed {
  cause: string
  output: string
  retryAtMs: number
}

export interface Builds {
  /** The last failure of what the image wants; undefined when there was none, or when it is time to try again. */
  failureOf(hash: string): Failed | undefined
  /**
   * From now on the image wants this content, and no other. Throws once what kept the machine from building: to want it again tries
   * again.
   */
  want(wanter: Wanter, request: BuildRequest): void
  /** The image wants no content any more. */
  leave(key: string): void
  /** Cancels all; resolves when nothing is left of them. */
  close(): Promise<void>
}

export interface BuildsOptions {
  build: Build
  log: BuildLog
  /** Has the image looked at again. */
  wake(key: string): void
  /** Unix time. */
  nowMs(): number
  /** How many run at the same time. */
  atOnce: number
  /** `failures`: in a row, at least 1. */
  retryMsAfter(failures: number): number
}

type State =
  | { is: 'waiting' }
  | { is: 'running' }
  | { is: 'failed'; failed: Failed; timer: NodeJS.Timeout }
  /** Failed, and to be tried again as soon as somebody looks. */
  | { is: 'due' }
  | { is: 'broken'; thrown: unknown }

interface Entry {
  request: BuildRequest
  wanters: Map<string, { wanter: Wanter; lines?: BuildLines }>
  cancel: AbortController
  state: State
  failures: number
  /** For those who come to want it while it runs. */
  printed: { stream: LogStream; line: string }[]
}

const maxPrinted = 1000

export function createBuilds(options: BuildsOptions): Builds {
  /** By hash. In order: those that wait run in the order in which they came. */
  const entries = new Map<string, Entry>()
  const running = new Set<Promise<void>>()
  let closed = false

  const wakeAll = ({ wanters }: Entry): void => {
    for (const key of wanters.keys()) options.wake(key)
  }

  const tellEnd = ({ wanters }: Entry, failure?: string): void => {
    for (const entry of wanters.values()) {
      entry.lines?.end(failure === undefined ? { ok: true } : { ok: false, reason: failure })
      delete entry.lines
    }
  }

  function beginLogs(entry: Entry): void {
    for (const held of entry.wanters.values()) {
      if (held.lines) continue
      const lines = options.log.begin(held.wanter)
      held.lines = lines
      for (const { stream, line } of entry.printed) lines.line(stream, line)
    }
  }

  function print(entry: Entry, stream: LogStream, line: string): void {
    entry.printed.push({ stream, line })
    if (entry.printed.length > maxPrinted) entry.printed.shift()
    for (const { lines } of entry.wanters.values()) lines?.line(stream, line)
  }

  function fail(entry: Entry, thrown: unknown): void {
    if (!(thrown instanceof BuildFailure)) {
      entry.state = { is: 'broken', thrown }
      tellEnd(entry, String(thrown))
      return
    }
    entry.failures += 1
    const pauseMs = options.retryMsAfter(entry.failures)
    const timer = setTimeout(() => {
      entry.state = { is: 'due' }
      wakeAll(entry)
    }, pauseMs)
    const failed = { cause: thrown.message, output: thrown.output, retryAtMs: options.nowMs() + pauseMs }
    entry.state = { is: 'failed', failed, timer }
    tellEnd(entry, thrown.message)
  }

  async function run(entry: Entry): Promise<void> {
    const { request, cancel } = entry
    const { signal } = cancel
    entry.state = { is: 'running' }
    entry.printed = []
    beginLogs(entry)
    try {
      const onLine = (stream: LogStream, line: string) => print(entry, stream, line)
      await options.build(request, { onLine, signal })
      if (signal.aborted) return
      entries.delete(request.hash)
      tellEnd(entry)
    } catch (thrown) {
      if (signal.aborted) return
      fail(entry, thrown)
    }
    wakeAll(entry)
  }

  function pump(): void {
    for (const entry of entries.values()) {
      if (closed || running.size >= options.atOnce) return
      if (entry.state.is !== 'waiting') continue
      const run_ = run(entry).finally(() => {
        running.delete(run_)
        pump()
      })
      running.add(run_)
    }
  }

  function give(entry: Entry): void {
    entries.delete(entry.request.hash)
    if (entry.state.is === 'failed') clearTimeout(entry.state.timer)
    entry.cancel.abort()
  }

  function leave(key: string, except?: string): void {
    for (const entry of entries.values()) {
      if (entry.request.hash === except) continue
      const held = entry.wanters.get(key)
      if (!held) continue
      held.lines?.end({ ok: false, reason: 'the build was cancelled' })
      entry.wanters.delete(key)
      if (entry.wanters.size === 0) give(entry)
    }
  }

  const add = (request: BuildRequest): Entry => {
    const created: Entry = {
      request,
      wanters: new Map(),
      cancel: new AbortController(),
      state: { is: 'waiting' },
      failures: 0,
      printed: [],
    }
    entries.set(request.hash, created)
    return created
  }

  return {
    failureOf: hash => {
      const state = entries.get(hash)?.state
      return state?.is === 'failed' ? state.failed : undefined
    },

    want: (wanter, request) => {
      if (closed) return
      leave(wanter.key, request.hash)
      const entry = entries.get(request.hash) ?? add(request)
      if (!entry.wanters.has(wanter.key)) entry.wanters.set(wanter.key, { wanter })
      if (entry.state.is === 'broken') {
        const { thrown } = entry.state
        entry.state = { is: 'due' }
        throw thrown
      }
      if (entry.state.is === 'due') entry.state = { is: 'waiting' }
      if (entry.state.is === 'running') beginLogs(entry)
      pump()
    },

    leave: key => leave(key),

    close: async () => {
      closed = true
      for (const entry of [...entries.values()]) give(entry)
      await Promise.all(running)
    },
  }
}
