/** One worker process: imports the handler when it is told which, then answers calls until the server hangs up. */
import { connect, type Socket } from 'node:net'
import { type Asked, createAsked } from './asked.ts'
import { type CallLimits, runCall } from './call.ts'
import { discardPrinted, takePrinted } from './capture.ts'
import { createConcurrent } from './concurrent.ts'
import { createFrameReader, encodeFrame, type Frame } from './frames.ts'
import { type Handler, type LoadedHandler, loadHandler } from './handler.ts'
import { dieFirst } from './memory.ts'
import type { Piece } from './pieces.ts'

export interface Assignment extends CallLimits {
  worker: number
  handler: string
  /** Calls that a function which takes many at once gets at most. */
  concurrency: number
  logBytes: number
}

const printed = { stdout: 1, stderr: 2 }

export function runWorker({ socketPath, directory }: { socketPath: string; directory: string }): void {
  dieFirst()
  process.once('message', async (assignment: Assignment) => {
    try {
      const loaded = await loadHandler(assignment.handler, directory)
      serve(connect(socketPath), loaded, assignment)
      // From here on the server speaks to this worker itself; the handler gets no line to the control process.
      process.disconnect()
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      process.send?.({ type: 'load-failed', message }, () => process.exit(1))
    }
  })
  process.send?.({ type: 'started' })
}

function serve(socket: Socket, { handler, concurrent }: LoadedHandler, assignment: Assignment): void {
  const { worker, concurrency, ...limits } = assignment
  const discard = () => discardPrinted(printed)
  const asked = createAsked(socket)
  const take = concurrent
    ? createConcurrent(socket, handler, { limits, asked, discard })
    : createLone(socket, handler, { limits, asked })
  socket.on(
    'data',
    createFrameReader(frame => asked.take(frame) || take(frame)),
  )
  socket.on('close', () => process.exit(0))
  socket.on('error', () => process.exit(0))
  socket.write(encodeFrame({ type: 'ready', worker, calls: concurrent ? concurrency : 1 }))
}

interface LoneOptions {
  limits: CallLimits & Pick<Assignment, 'logBytes'>
  asked: Asked
}

/** One call at a time: everything that is printed meanwhile is the call's. */
function createLone(socket: Socket, handler: Handler, { limits, asked }: LoneOptions) {
  return async ({ header: { id, stream }, parts }: Frame) => {
    // What timers printed between two calls belongs to neither.
    discardPrinted(printed)
    const send = stream === true ? (piece: Piece) => asked.send(id, piece) : undefined
    const { header, output } = await runCall(handler, parts, { limits, send })
    const logs = takePrinted(printed, limits.logBytes)
    socket.write(encodeFrame({ type: 'result', id, ...header }, [output, ...logs]))
  }
}
