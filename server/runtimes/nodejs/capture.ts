/** Catches what one worker and its child processes print: two files behind file descriptors 1 and 2. */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Capture {
  stdout: number
  stderr: number
}

/** The control process keeps it open as well, so that the lines of a worker that was killed are not lost. */
export const createCapture = (name: string): Capture => ({
  stdout: openNameless(`${name}.stdout`),
  stderr: openNameless(`${name}.stderr`),
})

/** What was printed since the last time, one byte more than the limit at most, so that the server sees the excess. */
export const takePrinted = (capture: Capture, limitBytes: number): Buffer[] => [
  take(capture.stdout, limitBytes + 1),
  take(capture.stderr, limitBytes + 1),
]

export function discardPrinted(capture: Capture): void {
  for (const fd of [capture.stdout, capture.stderr]) if (fstatSync(fd).size > 0) ftruncateSync(fd)
}

export function closeCapture(capture: Capture): void {
  closeSync(capture.stdout)
  closeSync(capture.stderr)
}

/** Several processes write to it, and it is emptied between calls: each write goes to the end, wherever that is. */
function openNameless(name: string): number {
  const path = join(tmpdir(), name)
  const fd = openSync(path, 'ax+', 0o600)
  unlinkSync(path)
  return fd
}

function take(fd: number, limitBytes: number): Buffer {
  const { size } = fstatSync(fd)
  if (size === 0) return Buffer.alloc(0)
  const printed = Buffer.alloc(Math.min(size, limitBytes))
  const length = readSync(fd, printed, 0, printed.length, 0)
  ftruncateSync(fd)
  return printed.subarray(0, length)
}
