/** One worker process: imports the handler when it is told which, then answers calls. */
import type { Socket } from 'node:net'
import type { Assignment, Loaded } from '../launcher/assignment.ts'
import { discardPrinted, ownCapture, takePrinted } from '../launcher/capture.ts'
import { encodeFrame, type Frame } from '../launcher/frames.ts'
import { type Asked, createAsked } from './asked.ts'
import { runCall } from './call.ts'
import { createConcurrent } from './concurrent.ts'
import { type Handler, loadHandler } from './handler.ts'
import type { Piece } from './pieces.ts'

export async function loadWorker(assignment: Assignment, directory: string): Promise<Loaded> {
  const { handler, concurrent } = await loadHandler(assignment.handler, directory)
  const serve = (socket: Socket) => {
    const asked = createAsked(socket)
    const options = { limits: assignment, asked }
    const take = concurrent ? createConcurrent(socket, handler, options) : createLone(socket, handler, options)
    return (frame: Frame) => void (asked.take(frame) || take(frame))
  }
  return { calls: concurrent ? assignment.concurrency : 1, serve }
}

interface LoneOptions {
  limits: Assignment
  asked: Asked
}

/** One call at a time: everything that is printed meanwhile is the call's. */
function createLone(socket: Socket, handler: Handler, { limits, asked }: LoneOptions) {
  return async ({ header: { id, stream }, parts }: Frame) => {
    // What timers printed between two calls belongs to neither.
    discardPrinted(ownCapture)
    const send = stream === true ? (piece: Piece) => asked.send(id, piece) : undefined
    const { header, output } = await runCall(handler, parts, { limits, send })
    const logs = takePrinted(ownCapture, limits.logBytes)
    socket.write(encodeFrame({ type: 'result', id, ...header }, [output, ...logs]))
  }
}
