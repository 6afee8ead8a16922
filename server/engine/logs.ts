/** Turns what a call printed into lines. */
import type { RunLogs } from '../core/execution.ts'

export const silent: RunLogs = { stdout: null, stderr: null }

/** `printed`: stdout, stderr; each at most one byte longer than `maxBytes` when it was cut. */
export function parseLogs([stdout, stderr]: readonly Buffer[], maxBytes: number): RunLogs {
  // Most calls print nothing.
  if (!stdout?.length && !stderr?.length) return silent
  return { stdout: parseLines(stdout, maxBytes), stderr: parseLines(stderr, maxBytes) }
}

function parseLines(printed: Buffer | undefined, maxBytes: number): string[] | null {
  if (!printed?.length) return null
  const lines = printed.toString('utf8', 0, maxBytes).split('\n')
  if (lines.at(-1) === '') lines.pop()
  const kept = lines.map(withoutReturn)
  return printed.length > maxBytes ? [...kept, `[truncated after ${maxBytes} bytes]`] : kept
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)
const newline = 10

/**
 * Takes what is printed piece by piece and returns the lines that are whole by then: the first ones of what `parseLogs` makes of
 * all of it. A line that reaches beyond `maxBytes` never comes.
 */
export function createLineReader(maxBytes: number): (piece: Buffer) => string[] {
  let begun: Buffer[] = []
  let leftBytes = maxBytes
  return piece => {
    const kept = piece.subarray(0, leftBytes)
    leftBytes -= kept.length
    const end = kept.lastIndexOf(newline)
    if (end < 0) {
      if (kept.length > 0) begun.push(Buffer.from(kept))
      return []
    }
    const text = Buffer.concat([...begun, kept.subarray(0, end)]).toString()
    begun = end + 1 < kept.length ? [Buffer.from(kept.subarray(end + 1))] : []
    return text.split('\n').map(withoutReturn)
  }
}
