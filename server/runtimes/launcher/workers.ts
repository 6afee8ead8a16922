/** Does what the server asks of a container's workers: starts, kills and watches them, and reports how each ended. */
import type { Socket } from 'node:net'
import { closeCapture, takePrinted } from './capture.ts'
import type { Child, ProcessEnd } from './child.ts'
import { boundPrinted } from './flood.ts'
import { encodeFrame } from './frames.ts'
import { countOomKills } from './memory.ts'
import { createWatches, type Watches } from './watches.ts'

export interface WorkersOptions {
  startChild(): Child
  /** What a runtime prints that ends because its own limit of memory is reached. */
  outOfMemory: RegExp | undefined
}

type Header = Record<string, unknown>

/** Takes the headers of the server's frames. */
export function createWorkers(socket: Socket, { startChild, outOfMemory }: WorkersOptions): (header: Header) => void {
  const children = new Map<number, Child>()
  const send = (header: object, parts?: Uint8Array[]) => socket.write(encodeFrame(header, parts))
  let assignment: Header = {}
  let oomKills = countOomKills()
  let watches: Watches | undefined
  const logBytes = () => Number(assignment.logBytes)

  function assign(worker: number): void {
    const child = startChild()
    children.set(worker, child)
    const stopBounding = boundPrinted(child.capture, logBytes())
    void child.loadFailed.then(message => send({ type: 'load-failed', message }))
    void child.ended.then(end => {
      children.delete(worker)
      watches?.remove(worker)
      stopBounding()
      report(worker, child, end)
    })
    child.load({ ...assignment, worker })
  }

  function watch(worker: number, number: number): void {
    const capture = children.get(worker)?.capture
    if (!capture) return
    watches ??= createWatches(
      (from, watched, printed) => send({ type: 'printed', worker: from, watch: watched }, printed),
      logBytes,
    )
    watches.add(worker, number, capture)
  }

  function report(worker: number, { capture }: Child, end: ProcessEnd): void {
    const known = oomKills
    oomKills = countOomKills()
    const printed = takePrinted(capture, logBytes())
    const isOutOfMemory = oomKills > known || (end.code !== 0 && printed.some(saysOutOfMemory))
    send({ type: 'exited', worker, ...end, outOfMemory: isOutOfMemory }, printed)
    closeCapture(capture)
  }

  /** Not seen when the call had printed more than is kept. */
  const saysOutOfMemory = (printed: Buffer): boolean => outOfMemory?.test(printed.toString()) ?? false

  return header => {
    const worker = Number(header.worker)
    switch (header.type) {
      case 'load':
        assignment = header
        assign(worker)
        break
      case 'start':
        assign(worker)
        break
      case 'kill':
        children.get(worker)?.kill()
        break
      case 'watch':
        watch(worker, Number(header.watch))
        break
      case 'unwatch':
        watches?.remove(worker, Number(header.watch))
    }
  }
}
