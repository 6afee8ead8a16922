/** One worker process: imports the handler when it is told which, then answers calls until the server hangs up. */
import { connect, type Socket } from 'node:net'
import { runCall } from './call.ts'
import { discardPrinted, takePrinted } from './capture.ts'
import { createConcurrent } from './concurrent.ts'
import { createFrameReader, encodeFrame, type Frame } from './frames.ts'
import { type Handler, type LoadedHandler, loadHandler } from './handler.ts'
import { dieFirst } from './memory.ts'

export interface Assignment {
  worker: number
  handler: string
  /** Calls that a function which takes many at once gets at most. */
  concurrency: number
  logBytes: number
  outputBytes: number
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
  const take = concurrent
    ? createConcurrent(socket, handler, { ...limits, discard })
    : createLone(socket, handler, assignment)
  socket.on('data', createFrameReader(take))
  socket.on('close', () => process.exit(0))
  socket.on('error', () => process.exit(0))
  socket.write(encodeFrame({ type: 'ready', worker, calls: concurrent ? concurrency : 1 }))
}

/** One call at a time: everything that is printed meanwhile is the call's. */
function createLone(socket: Socket, handler: Handler, { logBytes, outputBytes }: Assignment) {
  return async ({ header, parts }: Frame) => {
    // What timers printed between two calls belongs to neither.
    discardPrinted(printed)
    const result = await runCall(handler, parts, outputBytes)
    const logs = takePrinted(printed, logBytes)
    socket.write(encodeFrame({ type: 'result', id: header.id, ...result.header }, [result.output, ...logs]))
  }
}
