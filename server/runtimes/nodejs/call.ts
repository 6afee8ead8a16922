/** Runs the handler once and says how it ended, in the words of the result frame. */
import { shorten } from '../launcher/shorten.ts'
import type { Handler } from './handler.ts'
import { isStream, PayloadError, type Piece, textOf, toJson, toPiece } from './pieces.ts'
import { createRecord } from './record.ts'

export interface CallResult {
  header: { ok: true } | { ok: false; error: { type: string; message: string; stacktrace: string[] | null } }
  output: Buffer
}

export interface CallLimits {
  outputBytes: number
  pieceBytes: number
  /** What the output repeats of pieces that were sent. */
  recordedBytes: number
}

export interface CallOptions {
  limits: CallLimits
  /** Where pieces go, if somebody asked for them; resolves with false when nobody wants more. */
  send?: ((piece: Piece) => Promise<boolean>) | undefined
}

export async function runCall(handler: Handler, parts: Buffer[], options: CallOptions): Promise<CallResult> {
  try {
    const [context = null, payload = null] = parts.map(part => JSON.parse(part.toString()))
    const value = await handler(context, payload)
    return succeed(isStream(value) ? await goThrough(value, options) : toJson(value), options.limits.outputBytes)
  } catch (thrown) {
    if (thrown instanceof PayloadError) return failure('FunctionError', thrown.message)
    return failure(thrown instanceof TypeError ? 'InputError' : 'FunctionError', thrown)
  }
}

/** Whatever ends it early, the handler's `finally` is run. */
async function goThrough(stream: AsyncIterable<unknown> | Iterable<unknown>, options: CallOptions): Promise<string> {
  const { limits, send } = options
  const record = createRecord(send ? limits.recordedBytes : limits.outputBytes)
  for await (const value of stream) {
    const piece = toPiece(value, limits.pieceBytes)
    const isKept = record.add(piece)
    if (!send && !isKept) throw tooLarge('its pieces', limits.outputBytes)
    if (send && !(await send(piece))) break
  }
  return record.toJson()
}

function succeed(json: string, limitBytes: number): CallResult {
  const output = Buffer.from(json)
  if (output.length > limitBytes) throw tooLarge(`${output.length} bytes`, limitBytes)
  return { header: { ok: true }, output }
}

const tooLarge = (what: string, limitBytes: number): PayloadError =>
  new PayloadError(`Unable to return response payload: ${what} exceed the limit of ${limitBytes} bytes`)

function failure(type: string, cause: unknown): CallResult {
  const stacktrace = cause instanceof Error ? linesOf(cause) : null
  return {
    header: { ok: false, error: { type, message: shorten(textOf(cause)), stacktrace } },
    output: Buffer.alloc(0),
  }
}

/** Up to the runtime's own first frame: what called the handler is no part of the function. */
function linesOf(error: Error): string[] | null {
  if (typeof error.stack !== 'string') return null
  const lines = shorten(error.stack).split('\n')
  const own = lines.findIndex(line => line.includes(import.meta.filename))
  return own < 0 ? lines : lines.slice(0, own)
}
