/** Owns the last line of a terminal, which says what is being waited for and makes room for whatever else is written. */
import { cleanText, isCapable } from './format/terminal.ts'
import type { Io } from './io.ts'

export interface StatusLine {
  /** False where nobody would see it. */
  readonly isShown: boolean
  show(text: string): void
  clear(): void
}

const frames = ['|', '/', '-', '\\']
const eraseLine = '\r\u001b[K'
const stepMs = 100

export function createStatusLine(io: Pick<Io, 'env' | 'stderr' | 'stderrIsTerminal' | 'columns'>): StatusLine {
  const isShown = io.stderrIsTerminal && isCapable(io.env)
  let frame = 0
  let isThere = false
  return {
    isShown,
    show(text) {
      if (!isShown) return
      frame = (frame + 1) % frames.length
      // A line that wraps could not be erased. Some terminals do not tell their width: it is 0.
      const line = `${frames[frame]} ${cleanText(text).replaceAll('\n', ' ')}`.slice(0, (io.columns || 80) - 1)
      io.stderr.write(`${eraseLine}${line}`)
      isThere = true
    },
    clear() {
      if (isThere) io.stderr.write(eraseLine)
      isThere = false
    },
  }
}

export interface ShownPause {
  readonly io: Pick<Io, 'pause' | 'interrupted'>
  readonly statusLine: StatusLine
  readonly durationMs: number
  readonly text: string
}

/** Pauses; where the line is shown, it turns meanwhile. */
export async function pauseShowing({ io, statusLine, durationMs, text }: ShownPause): Promise<void> {
  if (!statusLine.isShown) return io.pause(durationMs)
  for (let leftMs = durationMs; leftMs > 0 && !io.interrupted.aborted; leftMs -= stepMs) {
    statusLine.show(text)
    await io.pause(Math.min(stepMs, leftMs))
  }
}
