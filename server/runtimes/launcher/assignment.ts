/** The worker's side, for workers that are written for Node: loads what the launcher names, then answers the server's calls. */
import { connect, type Socket } from 'node:net'
import { createFrameReader, encodeFrame, type Frame } from './frames.ts'
import { dieFirst } from './memory.ts'

export interface Assignment {
  worker: number
  handler: string
  /** Calls that a function which takes many at once gets at most. */
  concurrency: number
  logBytes: number
  outputBytes: number
  pieceBytes: number
  /** What the output repeats of pieces that were sent. */
  recordedBytes: number
}

export interface Places {
  launcherPath: string
  enginePath: string
  /** Of the function's code. */
  directory: string
}

export interface Loaded {
  /** So many it takes at once. */
  calls: number
  /** Answers what comes over the socket. */
  serve(socket: Socket): (frame: Frame) => void
}

/** Taken out of the environment: they are no business of the function and its child processes. */
export function takePlaces(env: NodeJS.ProcessEnv): Places {
  const { DISPATCH_LAUNCHER = '', DISPATCH_ENGINE = '', DISPATCH_FUNCTION = '' } = env
  for (const name of ['DISPATCH_LAUNCHER', 'DISPATCH_ENGINE', 'DISPATCH_FUNCTION']) delete env[name]
  return { launcherPath: DISPATCH_LAUNCHER, enginePath: DISPATCH_ENGINE, directory: DISPATCH_FUNCTION }
}

/** `load` rejects with what is shown as the reason of the function's ERROR status. */
export function runWorker(places: Places, load: (assignment: Assignment) => Promise<Loaded>): void {
  dieFirst()
  const launcher = connect(places.launcherPath)
  launcher.on(
    'data',
    createFrameReader(async ({ header }) => {
      const assignment = parseAssignment(header)
      try {
        const loaded = await load(assignment)
        serve(connect(places.enginePath), loaded, assignment.worker)
        // From here on the server speaks to this worker itself; the function gets no line to the launcher.
        launcher.end()
      } catch (thrown) {
        const message = thrown instanceof Error ? thrown.message : String(thrown)
        launcher.end(encodeFrame({ type: 'load-failed', message }), () => process.exit(1))
      }
    }),
  )
  launcher.write(encodeFrame({ type: 'started' }))
}

function serve(socket: Socket, { calls, serve }: Loaded, worker: number): void {
  socket.on('data', createFrameReader(serve(socket)))
  socket.on('close', () => process.exit(0))
  socket.on('error', () => process.exit(0))
  socket.write(encodeFrame({ type: 'ready', worker, calls }))
}

const parseAssignment = (header: Record<string, unknown>): Assignment => ({
  worker: Number(header.worker),
  handler: String(header.handler),
  concurrency: Number(header.concurrency),
  logBytes: Number(header.logBytes),
  outputBytes: Number(header.outputBytes),
  pieceBytes: Number(header.pieceBytes),
  recordedBytes: Number(header.recordedBytes),
})
