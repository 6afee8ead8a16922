/** Follows what one worker's call prints while it is under way, as its control process reads it off. */
import type { LineListener, LogStream } from '../core/execution.ts'
import { createLineReader } from './logs.ts'

export interface Watch {
  /** Tells the lines of the call under way, from its first one. One listener at a time. */
  begin(listener: LineListener): void
  /** Harmless when nothing is watched. */
  end(): void
  /** What comes of a watch that is over is on its way still, and means nothing. */
  receive(watch: number, printed: readonly Buffer[]): void
}

export interface WatchOptions {
  start(watch: number): void
  stop(watch: number): void
  /** Of each stream; whatever a hostile container sends beyond it is left out. */
  maxBytes: number
}

const streams: readonly LogStream[] = ['stdout', 'stderr']

export function createWatch({ start, stop, maxBytes }: WatchOptions): Watch {
  let last = 0
  let take: ((printed: readonly Buffer[]) => void) | undefined

  function begin(listener: LineListener): void {
    const readers = streams.map(() => createLineReader(maxBytes))
    take = printed =>
      streams.forEach((stream, index) => {
        const lines = readers[index]?.(printed[index] ?? Buffer.alloc(0)) ?? []
        if (lines.length > 0) listener(stream, lines)
      })
    last += 1
    start(last)
  }

  function end(): void {
    if (!take) return
    take = undefined
    stop(last)
  }

  return {
    begin: listener => {
      end()
      begin(listener)
    },
    end,
    receive: (watch, printed) => {
      if (watch === last) take?.(printed)
    },
  }
}
