/** One worker process: starts it, tells it its handler over a line of its own, and knows how it ended. */
import { spawn } from 'node:child_process'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Capture, createCapture } from './capture.ts'
import { createFrameReader, encodeFrame } from './frames.ts'
import { chooseHeapMebibytes } from './memory.ts'
import { shorten } from './shorten.ts'

export interface WorkerCommand {
  /** `{heapMebibytes}` in a word stands for what the worker may use for objects. */
  command: readonly string[]
  enginePath: string
  directory: string
  env: NodeJS.ProcessEnv
}

export interface ProcessEnd {
  code: number | null
  signal: string | null
}

export interface Child {
  readonly capture: Capture
  /** As it was when the process began. */
  readonly heapMebibytes: number
  /** Its runtime waits for a handler. */
  readonly started: Promise<void>
  /** Resolves with the reason why the handler cannot be loaded; it comes before the end. */
  readonly loadFailed: Promise<string>
  readonly ended: Promise<ProcessEnd>
  load(assignment: object): void
  /** Kills it together with its child processes. */
  kill(): void
}

/** EX_OSERR of sysexits.h. */
const errorExitCode = 71

export function startChild({ command, enginePath, directory, env }: WorkerCommand): Child {
  // Not by the pid alone: it is the same in every container, and tests run several on one /tmp.
  const name = `worker-${process.pid}-${process.hrtime.bigint()}`
  const capture = createCapture(name)
  const heapMebibytes = chooseHeapMebibytes()
  const line = openLine(join(tmpdir(), `${name}.sock`))
  const [program = '', ...args] = command.map(word => word.replace('{heapMebibytes}', String(heapMebibytes)))
  // `detached` gives it a process group of its own, so that its child processes die with it.
  const child = spawn(program, args, {
    cwd: directory,
    detached: true,
    stdio: ['ignore', capture.stdout, capture.stderr],
    env: { ...env, DISPATCH_LAUNCHER: line.path, DISPATCH_ENGINE: enginePath, DISPATCH_FUNCTION: directory },
  })
  const ended = Promise.withResolvers<ProcessEnd>()
  const kill = () => killGroup(child.pid)
  const finish = async (end: ProcessEnd) => {
    kill()
    await line.drained()
    ended.resolve(end)
  }
  child.once('exit', (code, signal) => finish({ code, signal }))
  // No process: for the server it has ended, whatever became of it.
  child.on('error', () => finish({ code: errorExitCode, signal: null }))
  const { started, loadFailed, load } = line
  return { capture, heapMebibytes, started, loadFailed, ended: ended.promise, load, kill }
}

interface Line {
  path: string
  started: Promise<void>
  loadFailed: Promise<string>
  load(assignment: object): void
  /** To be called once the process has ended: resolves when all that it had said is read. */
  drained(): Promise<void>
}

/** A socket that takes one connection, that of the worker. */
function openLine(path: string): Line {
  const connected = Promise.withResolvers<Socket>()
  const started = Promise.withResolvers<void>()
  const loadFailed = Promise.withResolvers<string>()
  const closed = Promise.withResolvers<void>()
  let isConnected = false
  const server = createServer(socket => {
    server.close()
    isConnected = true
    socket.on('error', () => socket.destroy())
    socket.on('close', () => closed.resolve())
    socket.on(
      'data',
      createFrameReader(({ header: { type, message } }) => {
        if (type === 'started') started.resolve()
        if (type === 'load-failed') loadFailed.resolve(shorten(String(message)))
      }),
    )
    connected.resolve(socket)
  })
  server.listen(path)
  return {
    path,
    started: started.promise,
    loadFailed: loadFailed.promise,
    load: assignment =>
      void connected.promise.then(socket => socket.write(encodeFrame({ ...assignment, type: 'load' }))),
    drained: async () => {
      server.close()
      if (isConnected) await closed.promise
    },
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The whole group has ended by itself.
  }
}
