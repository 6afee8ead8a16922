/** Throws away what a worker prints beyond the limit while it prints, since its files are memory of its container. */
import { type FSWatcher, watch } from 'node:fs'
import { type Capture, cutPrinted } from './capture.ts'

/** While a file grows. A process writes a gigabyte a second at most: 20 MB of the 64 MiB of /tmp that nobody has thrown away yet. */
const lookMs = 20
/** The kernel gives each user a number of watches only, and functions share theirs. Who gets none looks without being told. */
const unwatchedMs = 250

/** Costs nothing while nothing is printed: the kernel tells the first write. Returns the function that ends it. */
export function boundPrinted({ stdout, stderr }: Capture, limitBytes: number): () => void {
  const stops = [stdout, stderr].map(fd => boundFile(fd, limitBytes))
  return () => {
    for (const stop of stops) stop()
  }
}

function boundFile(fd: number, limitBytes: number): () => void {
  let watcher: FSWatcher | undefined
  let timer: NodeJS.Timeout | undefined
  let seenBytes = 0

  function stop(): void {
    watcher?.close()
    watcher = undefined
    clearTimeout(timer)
  }

  function waitForWrite(): void {
    try {
      watcher = watch(`/proc/self/fd/${fd}`, () => {
        stop()
        look()
      })
      watcher.on('error', lookLater)
    } catch {
      lookLater()
    }
  }

  function lookLater(): void {
    stop()
    timer = setTimeout(look, unwatchedMs)
  }

  function look(): void {
    const before = seenBytes
    seenBytes = cutPrinted(fd, limitBytes)
    if (seenBytes === before) waitForWrite()
    else timer = setTimeout(look, lookMs)
  }

  waitForWrite()
  return stop
}
