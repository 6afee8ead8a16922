/** Runs the handler once and says how it ended, in the words of the result frame. */
import type { Handler } from './handler.ts'

export interface CallResult {
  header: { ok: true } | { ok: false; error: { type: string; message: string; stacktrace: string[] | null } }
  output: Buffer
}

export async function runCall(handler: Handler, parts: Buffer[], outputBytes: number): Promise<CallResult> {
  let value: unknown
  try {
    const [context = null, payload = null] = parts.map(part => JSON.parse(part.toString()))
    value = await handler(context, payload)
  } catch (thrown) {
    return failure(thrown instanceof TypeError ? 'InputError' : 'FunctionError', thrown)
  }
  return serialize(value, outputBytes)
}

function serialize(value: unknown, limitBytes: number): CallResult {
  try {
    const output = Buffer.from(JSON.stringify(value) ?? 'null')
    if (output.length <= limitBytes) return { header: { ok: true }, output }
    const excess = `${output.length} bytes exceed the limit of ${limitBytes} bytes`
    return failure('FunctionError', `Unable to return response payload: ${excess}`)
  } catch (thrown) {
    return failure('FunctionError', `Unable to serialize response payload: ${messageOf(thrown)}`)
  }
}

function failure(type: string, cause: unknown): CallResult {
  const stacktrace = cause instanceof Error ? linesOf(cause) : null
  return { header: { ok: false, error: { type, message: messageOf(cause), stacktrace } }, output: Buffer.alloc(0) }
}

function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown)
  } catch {
    return 'the function threw a value that has no text'
  }
}

/** Up to the runtime's own first frame: what called the handler is no part of the function. */
function linesOf(error: Error): string[] | null {
  if (typeof error.stack !== 'string') return null
  const lines = error.stack.split('\n')
  const own = lines.findIndex(line => line.includes(import.meta.filename))
  return own < 0 ? lines : lines.slice(0, own)
}
