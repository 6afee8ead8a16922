/** Reads off what watched workers print while their call is under way, so that the workers themselves do nothing for it. */
import { fstatSync, readSync } from 'node:fs'
import type { Capture } from './capture.ts'

const intervalMs = 50
/** Of each stream at a time: a flood reaches the server in portions. */
const chunkBytes = 64 * 1024

export interface Watches {
  add(worker: number, watch: number, capture: Capture): void
  /** Only the watch of that number, if one is given: a later one may have begun. */
  remove(worker: number, watch?: number): void
}

interface Watched {
  watch: number
  timer: NodeJS.Timeout
}

/** `printed`: stdout, stderr. */
export type Tell = (worker: number, watch: number, printed: Buffer[]) => void

export function createWatches(tell: Tell, limitBytes: () => number): Watches {
  const watches = new Map<number, Watched>()

  function remove(worker: number, watch?: number): void {
    const watched = watches.get(worker)
    if (!watched || (watch !== undefined && watch !== watched.watch)) return
    clearInterval(watched.timer)
    watches.delete(worker)
  }

  return {
    remove,
    add: (worker, watch, capture) => {
      remove(worker)
      const streams = [capture.stdout, capture.stderr].map(fd => ({ fd, told: 0 }))
      // Not at once: until then the worker has taken its call up and emptied the files of what is no part of it.
      const timer = setInterval(() => {
        // Emptied: the call is over, and its result holds the rest.
        if (streams.some(({ fd, told }) => fstatSync(fd).size < told)) return remove(worker)
        const printed = streams.map(({ fd, told }) => readFrom(fd, told, limitBytes()))
        streams.forEach((stream, index) => {
          stream.told += printed[index]?.length ?? 0
        })
        if (printed.some(({ length }) => length > 0)) tell(worker, watch, printed)
      }, intervalMs)
      watches.set(worker, { watch, timer })
    },
  }
}

function readFrom(fd: number, told: number, limitBytes: number): Buffer {
  const newBytes = Math.min(fstatSync(fd).size, limitBytes) - told
  if (newBytes <= 0) return Buffer.alloc(0)
  const piece = Buffer.alloc(Math.min(newBytes, chunkBytes))
  return piece.subarray(0, readSync(fd, piece, 0, piece.length, told))
}
