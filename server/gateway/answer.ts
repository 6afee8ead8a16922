/** What a client is answered, as data. Pure. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { DispatchError } from '../core/errors.ts'
import type { Outcome, RunErrorType } from '../core/execution.ts'

export interface Answer {
  status: number
  headers: OutgoingHttpHeaders
  /** A function writes it, after the headers, and ends the answer. */
  body: string | Buffer | ((response: ServerResponse) => Promise<void>)
}

const statusOf: Record<RunErrorType, number> = { InputError: 400, FunctionError: 502, SystemError: 503 }
const json = { 'content-type': 'application/json' }

export const emptyAnswer: Answer = Object.freeze({ status: 200, headers: Object.freeze({}), body: '' })

const renderMessage = (status: number, message: string, headers: OutgoingHttpHeaders = {}): Answer => ({
  status,
  headers: { ...json, ...headers },
  body: `${JSON.stringify({ message })}\n`,
})

/** The client asked not to wait. */
export const renderAccepted = (runName: string): Answer => ({
  status: 202,
  headers: { ...json, 'preference-applied': 'respond-async' },
  body: `${JSON.stringify({ run: runName })}\n`,
})

/** A function that gives nothing, or the empty text, has an empty answer. */
const isNothing = (outputJson: string): boolean => outputJson === 'null' || outputJson === '""'

export function renderOutcome(outcome: Outcome): Answer {
  if (!outcome.ok) return renderMessage(statusOf[outcome.error.type], outcome.error.message)
  if (isNothing(outcome.outputJson)) return emptyAnswer
  return { status: 200, headers: json, body: `${outcome.outputJson}\n` }
}

export const renderRefusal = ({ httpStatus, message, retryAfterSeconds }: DispatchError): Answer =>
  renderMessage(
    httpStatus,
    message,
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  )
