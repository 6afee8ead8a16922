/** Owns what is said in frames: the headers in both directions, and the parser of those that come out of a container. */
import type { Piece, RunErrorType } from '../core/execution.ts'
import { isJson } from '../core/json.ts'
import type { Frame } from './frames.ts'

export const protocolVersion = 1

/**
 * `load`, `start`, `kill`, `watch` and `unwatch` go to the control process, `call` (parts: context, payload) to a worker.
 * `cancel` goes to a worker with several calls at once: it answers that call now, with what it printed so far.
 * `stream`: the worker sends pieces, each after the first when `next` has come for the one before. After `stop` it sends no more.
 * Between `watch` and `unwatch` with its number the control process sends what the worker's call prints, from its beginning.
 */
export type ToRuntime =
  | ({ type: 'load'; handler: string; concurrency: number; worker: number } & CallLimits)
  | { type: 'start'; worker: number }
  | { type: 'kill'; worker: number }
  | { type: 'watch'; worker: number; watch: number }
  | { type: 'unwatch'; worker: number; watch: number }
  | { type: 'call'; id: number; stream?: true }
  | { type: 'cancel' | 'next' | 'stop'; id: number }

/** What a worker keeps to in each call. */
export interface CallLimits {
  logBytes: number
  outputBytes: number
  pieceBytes: number
  /** Of what it has sent in pieces, it repeats so much as its output. */
  recordedBytes: number
}

export interface CallError {
  type: RunErrorType
  message: string
  stacktrace: string[] | null
}

/**
 * A connection's first frame says whose it is: `hello` of the control process, `ready` of a worker that has imported the handler.
 * `calls`: how many it takes at once.
 * Parts: `result` output, stdout, stderr; `piece` what its `kind` says; `exited` stdout, stderr (what was printed since the last result); `printed` stdout, stderr
 * (what was printed since the last `printed` of this watch).
 */
export type FromRuntime =
  | { type: 'hello'; protocol: number; language: string }
  | { type: 'load-failed'; message: string }
  | { type: 'ready'; worker: number; calls: number }
  | { type: 'exited'; worker: number; code: number | null; signal: string | null; outOfMemory: boolean; logs: Buffer[] }
  | { type: 'printed'; worker: number; watch: number; logs: Buffer[] }
  | { type: 'piece'; id: number; piece: Piece }
  | { type: 'result'; id: number; output: Buffer; error: CallError | undefined; logs: Buffer[] }

/** Throws when the frame is none of ours. */
export function parseMessage({ header, parts }: Frame): FromRuntime {
  switch (header.type) {
    case 'result': {
      const [output = Buffer.alloc(0), ...logs] = parts
      const error = header.ok === true ? undefined : parseCallError(header.error)
      return { type: 'result', id: integerOf(header, 'id'), output, error, logs }
    }
    case 'piece':
      return { type: 'piece', id: integerOf(header, 'id'), piece: parsePiece(header.kind, parts) }
    case 'ready':
      return { type: 'ready', worker: integerOf(header, 'worker'), calls: callsOf(header) }
    case 'exited':
      return {
        type: 'exited',
        worker: integerOf(header, 'worker'),
        code: typeof header.code === 'number' ? header.code : null,
        signal: typeof header.signal === 'string' ? header.signal : null,
        outOfMemory: header.outOfMemory === true,
        logs: parts,
      }
    case 'printed':
      return { type: 'printed', worker: integerOf(header, 'worker'), watch: integerOf(header, 'watch'), logs: parts }
    case 'hello':
      return { type: 'hello', protocol: integerOf(header, 'protocol'), language: textOf(header, 'language') }
    case 'load-failed':
      return { type: 'load-failed', message: textOf(header, 'message') }
    default:
      throw new Error('a frame is of no known type')
  }
}

const errorTypes: readonly unknown[] = ['InputError', 'FunctionError', 'SystemError'] satisfies RunErrorType[]
export const isErrorType = (value: unknown): value is RunErrorType => errorTypes.includes(value)
export const isLines = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(line => typeof line === 'string')

function parsePiece(kind: unknown, [bytes = Buffer.alloc(0)]: Buffer[]): Piece {
  if (kind === 'bytes') return { type: 'bytes', bytes }
  const text = bytes.toString()
  if (kind === 'text' || (kind === 'json' && isJson(text))) return { type: kind, text }
  throw new Error('a frame has no piece of a known kind')
}

function parseCallError(value: unknown): CallError {
  if (typeof value !== 'object' || value === null) throw new Error('a failed call does not say why')
  const { type, message, stacktrace } = value as Record<string, unknown>
  if (!isErrorType(type) || typeof message !== 'string') throw new Error('a failed call does not say why')
  return { type, message, stacktrace: isLines(stacktrace) ? stacktrace : null }
}

/** A worker that does not say it takes one. */
function callsOf(header: Record<string, unknown>): number {
  const calls = header.calls === undefined ? 1 : integerOf(header, 'calls')
  if (calls < 1) throw new Error('a worker takes no calls')
  return calls
}

function integerOf(header: Record<string, unknown>, key: string): number {
  const value = header[key]
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new Error(`a frame has no ${key}`)
}

function textOf(header: Record<string, unknown>, key: string): string {
  const value = header[key]
  if (typeof value === 'string') return value
  throw new Error(`a frame has no ${key}`)
}
