/** Answers many calls at once in one process, and keeps apart what each of them prints by way of console and process.stdout. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Socket } from 'node:net'
import { discardPrinted, ownCapture } from '../launcher/capture.ts'
import { encodeFrame, type Frame } from '../launcher/frames.ts'
import type { Asked } from './asked.ts'
import { type CallLimits, type CallResult, runCall } from './call.ts'
import type { Handler } from './handler.ts'
import type { Piece } from './pieces.ts'

export interface ConcurrentOptions {
  limits: CallLimits & { logBytes: number }
  asked: Asked
}

interface Call {
  /** stdout, stderr. */
  printed: Printed[]
}

/** One byte more than the limit is kept, so that the server sees the excess. */
interface Printed {
  pieces: Buffer[]
  leftBytes: number
}

const calls = new AsyncLocalStorage<Call>()

/** Takes the frames that the server sends to this worker. */
export function createConcurrent(socket: Socket, handler: Handler, options: ConcurrentOptions): (frame: Frame) => void {
  const { limits, asked } = options
  const open = new Map<unknown, Call>()
  for (const [index, stream] of [process.stdout, process.stderr].entries()) divert(stream, index)

  function answer(id: unknown, { header, output }: CallResult): void {
    const call = open.get(id)
    // It was answered already when it was cancelled.
    if (!open.delete(id) || !call) return
    const logs = call.printed.map(({ pieces }) => Buffer.concat(pieces))
    for (const printed of call.printed) printed.leftBytes = 0
    socket.write(encodeFrame({ type: 'result', id, ...header }, [output, ...logs]))
  }

  // A late call that goes on has nobody any more who would take its pieces.
  const send = async (id: unknown, piece: Piece) => open.has(id) && (await asked.send(id, piece))

  return ({ header: { type, id, stream }, parts }) => {
    if (type === 'cancel') {
      answer(id, cancelled)
      return asked.giveUp(id)
    }
    // What child processes print is no call's.
    if (open.size === 0) discardPrinted(ownCapture)
    const printed = [0, 1].map(() => ({ pieces: [], leftBytes: limits.logBytes + 1 }))
    const call: Call = { printed }
    open.set(id, call)
    const sendOwn = stream === true ? (piece: Piece) => send(id, piece) : undefined
    void calls.run(call, async () => answer(id, await runCall(handler, parts, { limits, send: sendOwn })))
  }
}

const cancelled: CallResult = {
  header: { ok: false, error: { type: 'FunctionError', message: 'the call was cancelled', stacktrace: null } },
  output: Buffer.alloc(0),
}

/** What is written during a call goes to the call; the rest goes where it went before. */
function divert(stream: NodeJS.WriteStream, index: number): void {
  const original = stream.write.bind(stream)
  const write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    const printed = calls.getStore()?.printed[index]
    const [encoding] = rest
    const callback = rest.find(isCallback)
    if (!printed) return original(chunk, encodingOf(encoding), callback)
    keep(printed, typeof chunk === 'string' ? Buffer.from(chunk, encodingOf(encoding)) : Buffer.from(chunk))
    if (callback) process.nextTick(callback)
    return true
  }
  stream.write = write
}

const isCallback = (value: unknown): value is () => void => typeof value === 'function'

const encodingOf = (value: unknown): BufferEncoding =>
  typeof value === 'string' && Buffer.isEncoding(value) ? value : 'utf8'

function keep(printed: Printed, piece: Buffer): void {
  const kept = piece.subarray(0, printed.leftBytes)
  printed.leftBytes -= kept.length
  if (kept.length > 0) printed.pieces.push(kept)
}
