/** Keeps one stream of Docker's events open for as long as somebody listens. */
import { readJsonLines } from './stream.ts'

export interface EventSource {
  /** Opens the stream; `signal` ends it. */
  open(signal: AbortSignal): Promise<AsyncIterable<Uint8Array | string>>
  listener(event: Record<string, unknown>): void
  /** Pause before the stream is opened again after it broke. */
  retryMs: number
}

/**
 * Events that happen while Docker is away are lost: whoever must know compares the lists. Returns the function that stops it.
 */
export function watchEvents({ open, listener, retryMs }: EventSource): () => void {
  const stop = new AbortController()
  const run = async () => {
    while (!stop.signal.aborted) {
      // A stream that breaks is Docker going away, which each call to it reports in its own words; here it is only reopened.
      await open(stop.signal)
        .then(chunks => readJsonLines(chunks, listener))
        .catch(() => undefined)
      await pause(retryMs, stop.signal)
    }
  }
  void run()
  return () => stop.abort()
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
