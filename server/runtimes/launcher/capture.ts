/** Catches what one worker and its child processes print: two files behind file descriptors 1 and 2. */
import { closeSync, fchmodSync, fstatSync, ftruncateSync, openSync, readSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Capture {
  stdout: number
  stderr: number
}

/** What this worker process itself prints to. */
export const ownCapture: Capture = { stdout: 1, stderr: 2 }

/** The launcher keeps it open as well, so that the lines of a worker that was killed are not lost. */
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
  for (const fd of [capture.stdout, capture.stderr]) if (fstatSync(fd).size > 0) empty(fd)
}

/** Gives the memory of what is beyond the limit back. Returns the size before. */
export function cutPrinted(fd: number, limitBytes: number): number {
  const { size } = fstatSync(fd)
  if (size <= limitBytes + 1) return size
  fchmodSync(fd, mode | beingCut)
  if (fstatSync(fd).size > limitBytes + 1) ftruncateSync(fd, limitBytes + 1)
  fchmodSync(fd, mode)
  return size
}

export function closeCapture(capture: Capture): void {
  closeSync(capture.stdout)
  closeSync(capture.stderr)
}

const mode = 0o600
/** Tells whoever empties the file meanwhile that it may become longer again. */
const beingCut = 0o100

function empty(fd: number): void {
  do ftruncateSync(fd)
  while ((fstatSync(fd).mode & beingCut) !== 0)
}

/** Several processes may write to it, and it is emptied between calls: each write goes to the end, wherever that is. */
export function openNameless(name: string): number {
  const path = join(tmpdir(), name)
  const fd = openSync(path, 'ax+', mode)
  unlinkSync(path)
  return fd
}

function take(fd: number, limitBytes: number): Buffer {
  const printed = readStart(fd, limitBytes)
  if (printed.length > 0) empty(fd)
  return printed
}

/** The first bytes of a file, at most so many. */
export function readStart(fd: number, limitBytes: number): Buffer {
  const start = Buffer.alloc(Math.min(fstatSync(fd).size, limitBytes))
  return start.subarray(0, readSync(fd, start, 0, start.length, 0))
}
