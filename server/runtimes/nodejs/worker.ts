/** One worker process: imports the handler when it is told which, then answers one call at a time until the server hangs up. */
import { connect, type Socket } from 'node:net'
import { runCall } from './call.ts'
import { discardPrinted, takePrinted } from './capture.ts'
import { createFrameReader, encodeFrame, type Frame } from './frames.ts'
import { type Handler, loadHandler } from './handler.ts'
import { dieFirst } from './memory.ts'

export interface Assignment {
  worker: number
  handler: string
  logBytes: number
  outputBytes: number
}

const printed = { stdout: 1, stderr: 2 }

export function runWorker({ socketPath, directory }: { socketPath: string; directory: string }): void {
  dieFirst()
  process.once('message', async (assignment: Assignment) => {
    try {
      const handler = await loadHandler(assignment.handler, directory)
      serve(connect(socketPath), handler, assignment)
      // From here on the server speaks to this worker itself; the handler gets no line to the control process.
      process.disconnect()
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      process.send?.({ type: 'load-failed', message }, () => process.exit(1))
    }
  })
  process.send?.({ type: 'started' })
}

function serve(socket: Socket, handler: Handler, { worker, logBytes, outputBytes }: Assignment): void {
  const answer = async ({ header, parts }: Frame) => {
    // What timers printed between two calls belongs to neither.
    discardPrinted(printed)
    const result = await runCall(handler, parts, outputBytes)
    const logs = takePrinted(printed, logBytes)
    socket.write(encodeFrame({ type: 'result', id: header.id, ...result.header }, [result.output, ...logs]))
  }
  socket.on('data', createFrameReader(answer))
  socket.on('close', () => process.exit(0))
  socket.on('error', () => process.exit(0))
  socket.write(encodeFrame({ type: 'ready', worker }))
}
