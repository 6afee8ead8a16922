/** The container's first process: keeps one worker process started ahead, and reports to the server once it waits for a handler. */
import { connect } from 'node:net'
import { closeCapture } from './capture.ts'
import { type Child, startChild, type WorkerCommand } from './child.ts'
import { createFrameReader, encodeFrame } from './frames.ts'
import { chooseHeapMebibytes } from './memory.ts'
import { createWorkers } from './workers.ts'

const protocol = 1

export interface LauncherOptions extends WorkerCommand {
  language: string
  outOfMemory: RegExp | undefined
}

export function runLauncher(options: LauncherOptions): void {
  // Started before the server knows of this container: loading a function then costs no process start.
  const first = startChild(options)
  let spare: Child | undefined = first
  // A container whose spare died is no use: it ends, and the server starts another.
  void first.ended.then(() => spare && process.exit(1))
  void first.started.then(() => {
    const socket = connect(options.enginePath)
    socket.on('close', () => process.exit(0))
    socket.on('error', () => process.exit(1))
    const { language, outOfMemory } = options
    const act = createWorkers(socket, { startChild: () => takeSpare() ?? startChild(options), outOfMemory })
    socket.on(
      'data',
      createFrameReader(({ header }) => act(header)),
    )
    socket.write(encodeFrame({ type: 'hello', protocol, language }))
  })

  /** A function with limits of its own has changed the container's memory since: runtimes take note of that only when they start. */
  function takeSpare(): Child | undefined {
    const taken = spare
    spare = undefined
    if (!taken || taken.heapMebibytes === chooseHeapMebibytes()) return taken
    taken.kill()
    closeCapture(taken.capture)
    return undefined
  }
}
