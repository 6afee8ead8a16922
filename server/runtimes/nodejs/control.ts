/** The container's first process: starts workers, hands them the handler, kills them on demand, tells how they ended. */
import { type ChildProcess, spawn } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { type Capture, closeCapture, createCapture, takePrinted } from './capture.ts'
import { boundPrinted } from './flood.ts'
import { createFrameReader, encodeFrame } from './frames.ts'
import { chooseHeapMebibytes, countOomKills, saysHeapExhausted } from './memory.ts'
import { createWatches, type Watches } from './watches.ts'
import type { Assignment } from './worker.ts'

const protocol = 1
/** EX_OSERR of sysexits.h. */
const errorExitCode = 71

interface Child {
  process: ChildProcess
  capture: Capture
  heapMebibytes: number
}

export interface ControlOptions {
  socketPath: string
  directory: string
  script: string
}

export function runControl(options: ControlOptions): void {
  // Started before the server knows of this container: loading a function then costs no process start.
  let spare: Child | undefined = startChild(options)
  // A container whose spare died is no use: it ends, and the server starts another.
  spare.process.once('exit', () => spare && process.exit(1))
  spare.process.once('message', () => {
    const socket = connect(options.socketPath)
    socket.on('close', () => process.exit(0))
    socket.on('error', () => process.exit(1))
    socket.on(
      'data',
      createFrameReader(({ header }) => act(socket, header)),
    )
    socket.write(encodeFrame({ type: 'hello', protocol, language: 'nodejs' }))
  })

  const children = new Map<number, Child>()
  let function_: Omit<Assignment, 'worker'> = {
    handler: '',
    concurrency: 1,
    logBytes: 0,
    outputBytes: 0,
    pieceBytes: 0,
    recordedBytes: 0,
  }
  let oomKills = countOomKills()
  let watches: Watches | undefined

  function act(socket: Socket, header: Record<string, unknown>): void {
    const worker = Number(header.worker)
    switch (header.type) {
      case 'load':
        function_ = {
          handler: String(header.handler),
          concurrency: Number(header.concurrency),
          logBytes: Number(header.logBytes),
          outputBytes: Number(header.outputBytes),
          pieceBytes: Number(header.pieceBytes),
          recordedBytes: Number(header.recordedBytes),
        }
        assign(socket, worker)
        break
      case 'start':
        assign(socket, worker)
        break
      case 'kill':
        killGroup(children.get(worker)?.process.pid)
        break
      case 'watch':
        watch(socket, worker, Number(header.watch))
        break
      case 'unwatch':
        watches?.remove(worker, Number(header.watch))
    }
  }

  function assign(socket: Socket, worker: number): void {
    const child = takeSpare() ?? startChild(options)
    children.set(worker, child)
    const stopBounding = boundPrinted(child.capture, function_.logBytes)
    child.process.on('message', (message: { type?: unknown; message?: unknown } | null) => {
      if (message?.type === 'load-failed') socket.write(encodeFrame({ type: 'load-failed', message: message.message }))
    })
    const end = (code: number | null, signal: string | null) => {
      if (!children.delete(worker)) return
      killGroup(child.process.pid)
      watches?.remove(worker)
      stopBounding()
      report(socket, child, { worker, code, signal })
    }
    child.process.once('exit', end)
    // No process, or no line to it: for the server it has ended, whatever became of it.
    child.process.on('error', () => end(errorExitCode, null))
    child.process.send({ ...function_, worker } satisfies Assignment)
  }

  /** A function with limits of its own has changed the container's memory since: V8 takes note of that only when it starts. */
  function takeSpare(): Child | undefined {
    const taken = spare
    spare = undefined
    if (!taken || taken.heapMebibytes === chooseHeapMebibytes()) return taken
    killGroup(taken.process.pid)
    closeCapture(taken.capture)
    return undefined
  }

  function watch(socket: Socket, worker: number, number: number): void {
    const capture = children.get(worker)?.capture
    if (!capture) return
    watches ??= createWatches(
      (from, watched, printed) => socket.write(encodeFrame({ type: 'printed', worker: from, watch: watched }, printed)),
      () => function_.logBytes,
    )
    watches.add(worker, number, capture)
  }

  function report(
    socket: Socket,
    child: Child,
    ended: { worker: number; code: number | null; signal: string | null },
  ): void {
    const known = oomKills
    oomKills = countOomKills()
    const printed = takePrinted(child.capture, function_.logBytes)
    const outOfMemory = oomKills > known || saysHeapExhausted(ended.signal, printed)
    socket.write(encodeFrame({ type: 'exited', ...ended, outOfMemory }, printed))
    closeCapture(child.capture)
  }
}

/** `detached` gives it a process group of its own, so that its child processes die with it. */
function startChild({ socketPath, directory, script }: ControlOptions): Child {
  // Not by the pid alone: it is the same in every container, and tests run several on one /tmp.
  const capture = createCapture(`worker-${process.pid}-${process.hrtime.bigint()}`)
  const heapMebibytes = chooseHeapMebibytes()
  const heap = `--max-old-space-size=${heapMebibytes}`
  const child = spawn(process.execPath, [heap, script, 'worker', socketPath, directory], {
    cwd: directory,
    detached: true,
    stdio: ['ignore', capture.stdout, capture.stderr, 'ipc'],
  })
  return { process: child, capture, heapMebibytes }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The whole group has ended by itself.
  }
}
