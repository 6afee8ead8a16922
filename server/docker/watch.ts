/** Keeps one stream of Docker's events open for as long as somebody listens. */
import { readJsonLines } from './stream.ts'

export interface EventSource {
  /** Opens the stream, if told so with what has happened since that Unix time on; `signal` ends it. */
  open(signal: AbortSignal, sinceSeconds: number | undefined): Promise<AsyncIterable<Uint8Array | string>>
  listener(event: Record<string, unknown>): void
  /** Pause before the stream is opened again after it broke. */
  retryMs: number
  nowMs(): number
}

/** Events come a little out of order. */
const overlapSeconds = 1

/**
 * What happens while the stream is broken is told later. Events that Docker itself forgets by ending are lost: whoever must know
 * compares the lists. Returns the function that stops it.
 */
export function watchEvents({ open, listener, retryMs, nowMs }: EventSource): () => void {
  const stop = new AbortController()
  const memory = createMemory(Math.floor(nowMs() / 1000))
  const tell = (event: Record<string, unknown>) => {
    if (memory.isNew(event)) listener(event)
  }
  const run = async () => {
    let since: number | undefined
    while (!stop.signal.aborted) {
      // A stream that breaks is Docker going away, which each call to it reports in its own words; here it is only reopened.
      await open(stop.signal, since)
        .then(chunks => readJsonLines(chunks, tell))
        .catch(() => undefined)
      await pause(retryMs, stop.signal)
      since = memory.newestSeconds() - overlapSeconds
    }
  }
  void run()
  return () => stop.abort()
}

/** Knows the events that may come again. */
function createMemory(beginSeconds: number) {
  let newest = beginSeconds
  let recent: { key: string; time: number }[] = []
  return {
    newestSeconds: () => newest,
    isNew: ({ id, time, timeNano }: Record<string, unknown>): boolean => {
      if (typeof time !== 'number') return true
      const key = `${id} ${timeNano}`
      if (recent.some(known => known.key === key)) return false
      newest = Math.max(newest, time)
      recent = [...recent, { key, time }].filter(known => known.time >= newest - overlapSeconds)
      return true
    },
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal.aborted) return Promise.resolve()
  const timer = setTimeout(resolve, ms)
  signal.addEventListener('abort', () => {
    clearTimeout(timer)
    resolve()
  })
  return promise
}
