/** One worker process: finds the program when it is told which, then runs it anew for each call. */
import type { Socket } from 'node:net'
import type { Assignment, Loaded } from '../launcher/assignment.ts'
import { discardPrinted, ownCapture, takePrinted } from '../launcher/capture.ts'
import { encodeFrame, type Frame } from '../launcher/frames.ts'
import { runProgram } from './call.ts'
import { findProgram } from './program.ts'

/** Throws with the reason of the function's ERROR status. */
export function loadWorker({ handler, logBytes, outputBytes }: Assignment, directory: string): Loaded {
  const path = findProgram(handler, directory)
  const serve =
    (socket: Socket) =>
    async ({ header: { id }, parts }: Frame) => {
      // What a child process of an earlier call has printed since is no part of this one.
      discardPrinted(ownCapture)
      const { header, output, printed } = await runProgram({ path, directory, outputBytes, logBytes }, parts)
      const [, stderr = Buffer.alloc(0)] = takePrinted(ownCapture, logBytes)
      socket.write(encodeFrame({ type: 'result', id, ...header }, [output, printed, stderr]))
    }
  return { calls: 1, serve }
}
