/** What a handler gives piece by piece: which results are such, and each of its values as bytes. */

export interface Piece {
  kind: 'text' | 'bytes' | 'json'
  data: Buffer
}

/** What was returned or yielded cannot be sent: the function's fault, whatever it threw. */
export class PayloadError extends Error {
  override readonly name = 'PayloadError'
}

/**
 * Whatever can be gone through only once: generators, iterators, streams. An array, a map or a set is a value, and so is what has a
 * JSON form of its own.
 */
export const isStream = (value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !('toJSON' in value) &&
  (Symbol.asyncIterator in value || (Symbol.iterator in value && 'next' in value && typeof value.next === 'function'))

export function toPiece(value: unknown, limitBytes: number): Piece {
  const piece = encode(value)
  if (piece.data.length <= limitBytes) return piece
  const excess = `a piece of ${piece.data.length} bytes exceeds the limit of ${limitBytes} bytes`
  throw new PayloadError(`Unable to return response payload: ${excess}`)
}

function encode(value: unknown): Piece {
  if (typeof value === 'string') return { kind: 'text', data: Buffer.from(value) }
  if (value instanceof Uint8Array)
    return { kind: 'bytes', data: Buffer.from(value.buffer, value.byteOffset, value.byteLength) }
  return { kind: 'json', data: Buffer.from(toJson(value)) }
}

/** What has no JSON of its own, such as undefined, is null. */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch (thrown) {
    throw new PayloadError(`Unable to serialize response payload: ${textOf(thrown)}`)
  }
}

export function textOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown)
  } catch {
    return 'the function threw a value that has no text'
  }
}
