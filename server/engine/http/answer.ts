/** Reads what a container of an image of others answers to a call; the texts are those of the original and of its images. Pure. */
import { messageOf } from '../../core/errors.ts'
import type { RunErrorType } from '../../core/execution.ts'
import { isRecord } from '../../core/json.ts'
import { isDeeperThan, maxDepth } from '../../core/json-depth.ts'
import { compactLiteral, cutMember } from '../../core/json-literal.ts'
import type { CallEnd } from '../calls.ts'
import { type CallError, isErrorType, isLines } from '../messages.ts'
import { type EngineLimits, mebibyte } from '../options.ts'
import type { Exchanged } from './exchange.ts'

type AnswerLimits = Pick<EngineLimits, 'outputBytes' | 'logBytes'>
export type Answered = Extract<CallEnd, { kind: 'result' }>

/** Of an answer that is no answer, so much is shown. */
const maxQuoted = 1000
/** What is told of an error. */
const maxMessageLength = 64 * 1024
const maxStackLines = 64
const maxStackLength = 256 * 1024

/** What is printed, each byte of which may be written with six, and an error. */
const maxContextLength = ({ logBytes }: AnswerLimits): number => 12 * logBytes + mebibyte
export const maxAnswerBytes = (limits: AnswerLimits): number => limits.outputBytes + maxContextLength(limits)

const failed = (type: RunErrorType, message: string, logs: Buffer[] = []): Answered => ({
  kind: 'result',
  output: Buffer.alloc(0),
  error: { type, message, stacktrace: null },
  logs,
})

/** What became of a request to `url`. */
export function parseExchange(exchanged: Exchanged, url: string, limits: AnswerLimits): Answered {
  switch (exchanged.kind) {
    case 'answer':
      return parseAnswer(exchanged.status, exchanged.body, limits)
    case 'too-long':
      return failed('FunctionError', `${notSerialized}: the answer exceeds the limit of ${exchanged.maxBytes} bytes`)
    default:
      return failed('SystemError', `request to function container on ${url} failed: ${exchanged.cause}`)
  }
}

const notSerialized = 'Unable to serialize response payload'

function parseAnswer(status: number, body: Buffer, limits: AnswerLimits): Answered {
  const text = body.toString()
  if (status !== 200)
    return failed('SystemError', `Server returned unexpected status code: ${status} - ${text.slice(0, maxQuoted)}`)
  const notParsed = (cause: string) =>
    failed('SystemError', `cannot JSON-parse result from function container: ${cause} ${text.slice(0, maxQuoted)}`)
  if (isDeeperThan(maxDepth, text)) return notParsed(`it is nested more than ${maxDepth} levels deep`)
  try {
    const { rest, member = 'null' } = cutMember(text, 'payload')
    if (rest.length > maxContextLength(limits))
      return failed('FunctionError', `${notSerialized}: what is beside the payload is longer than it may be`)
    const answer: unknown = JSON.parse(rest)
    // Only to know that it is JSON: its numbers are handed on as they are written.
    JSON.parse(member)
    return isRecord(answer) ? readAnswer(answer, member, limits) : notParsed('it is no object')
  } catch (thrown) {
    return notParsed(messageOf(thrown))
  }
}

function readAnswer({ context: told }: Record<string, unknown>, payloadJson: string, limits: AnswerLimits): Answered {
  const context = isRecord(told) ? told : {}
  const printed = isRecord(context.logs) ? context.logs : {}
  const logs = [printed.stdout, printed.stderr].map(lines => renderLines(lines, limits.logBytes))
  if (context.error !== undefined && context.error !== null)
    return { kind: 'result', output: Buffer.alloc(0), error: errorOf(context.error), logs }
  const output = Buffer.from(compactLiteral(payloadJson))
  if (output.length <= limits.outputBytes) return { kind: 'result', output, error: undefined, logs }
  const excess = `${output.length} bytes exceed the limit of ${limits.outputBytes} bytes`
  return failed('FunctionError', `${notSerialized}: ${excess}`, logs)
}

function errorOf(value: unknown): CallError {
  const { type, message, stacktrace } = isRecord(value) ? value : {}
  return {
    type: isErrorType(type) ? type : 'FunctionError',
    message: (typeof message === 'string' ? message : JSON.stringify(value)).slice(0, maxMessageLength),
    stacktrace: isLines(stacktrace) ? cutStack(stacktrace) : null,
  }
}

function cutStack(lines: string[]): string[] {
  const cut: string[] = []
  let left = maxStackLength
  for (const line of lines.slice(0, maxStackLines)) {
    if (left === 0) break
    cut.push(line.slice(0, left))
    left -= Math.min(left, line.length)
  }
  return cut
}

/** As they were printed; one byte more than the limit when there is more. */
function renderLines(lines: unknown, logBytes: number): Buffer {
  if (!isLines(lines)) return Buffer.alloc(0)
  return Buffer.from(lines.map(line => `${line}\n`).join('')).subarray(0, logBytes + 1)
}

const isSystemError = (end: CallEnd, message: RegExp): boolean =>
  end.kind === 'result' && end.error?.type === 'SystemError' && message.test(end.error.message)

/** Its proxy answers, the language server behind it does not listen (yet): the function has certainly not run. */
export const isRefused = (end: CallEnd): boolean =>
  isSystemError(end, /^The local function server at \S+ refused the connection/)

/** The language server went away during the call; nobody starts another one. */
export const isBroken = (end: CallEnd): boolean => isSystemError(end, /^Unknown system error\b/)
