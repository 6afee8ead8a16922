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
  const kept = lines.map(line => (line.endsWith('\r') ? line.slice(0, -1) : line))
  return printed.length > maxBytes ? [...kept, `[truncated after ${maxBytes} bytes]`] : kept
}
