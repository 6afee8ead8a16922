/** One run from its acceptance to its record: checks, secrets, the call itself, and what each kind of failure becomes. */
import { type Clock, msOf } from '../core/clock.ts'
import { eventContext } from '../core/emission.ts'
import { isEntry, messageOf } from '../core/errors.ts'
import type {
  Execution,
  InvocationTerms,
  Outcome,
  PieceListener,
  RunError,
  RunErrorType,
  RunLogs,
} from '../core/execution.ts'
import { appendMembers } from '../core/json.ts'
import type { SchemaCheck } from '../core/json-schema.ts'
import type { CallableFunction, SecretReader } from '../core/ports.ts'
import { withoutCredentials } from './credentials.ts'
import type { Run } from './schema.ts'

export interface ExecuteDependencies {
  execution: Pick<Execution, 'invoke'>
  secrets: SecretReader
  clock: Clock
  schemaCheck(schema: unknown): SchemaCheck
}

const silent: RunLogs = { stdout: null, stderr: null }

const failure = (type: RunErrorType, message: string, logs = silent): Outcome => ({
  ok: false,
  error: { type, message, stacktrace: null },
  logs,
})

const listOf = (lines: string[]): string => `validation failure list:\n${lines.join('\n')}`

/** RFC 3339 with nanoseconds, as functions read it from their context. */
const deadlineText = (timeNs: bigint): string => {
  const fraction = String(timeNs % 1_000_000_000n).padStart(9, '0')
  return `${new Date(msOf(timeNs)).toISOString().slice(0, 19)}.${fraction}Z`
}

/** The last moment that RFC 3339 can write; a later deadline is none. */
const lastNs = BigInt(Date.UTC(10_000, 0)) * 1_000_000n - 1n

function withDeadline(context: object, fromNs: bigint, timeoutMs: number): InvocationTerms {
  const deadlineNs = fromNs + BigInt(timeoutMs) * 1_000_000n
  if (timeoutMs <= 0 || deadlineNs > lastNs) return { contextJson: JSON.stringify(context) }
  return {
    contextJson: JSON.stringify({ ...context, deadline: deadlineText(deadlineNs) }),
    deadlineMs: msOf(deadlineNs),
  }
}

/** A function together with where its pieces go, if somebody asked for them. */
export interface Callee extends CallableFunction {
  onPiece?: PieceListener
}

async function call(deps: ExecuteDependencies, run: Run, callable: Callee): Promise<Outcome> {
  const payloadJson = run.inputJson ?? 'null'
  if (callable.schemaIn !== null) {
    const lines = deps.schemaCheck(callable.schemaIn)(JSON.parse(payloadJson))
    if (lines.length > 0) return failure('InputError', `Input invalid against schema: ${listOf(lines)}`)
  }
  let values: Record<string, string> = {}
  try {
    if (run.secrets?.length) values = await deps.secrets.read(run.org, run.secrets)
  } catch (thrown) {
    if (isEntry(thrown, 'SEAL_BROKEN'))
      return failure('SystemError', `error when retrieving secrets from secret store: ${messageOf(thrown)}`)
    if (!isEntry(thrown, 'NOT_FOUND')) throw thrown
    const cause = `failed to get secrets from secret store: [Code: 404] ${messageOf(thrown)}`
    return failure('InputError', `error when retrieving secrets from secret store: ${cause}`)
  }
  const context = {
    secrets: values,
    ...(run.httpContext && { httpContext: run.httpContext }),
  }
  const termsFrom = (timeNs: bigint): InvocationTerms => {
    const terms = withDeadline(context, timeNs, callable.timeoutMs)
    if (!run.event) return terms
    return { ...terms, contextJson: appendMembers(terms.contextJson, { ...eventContext(run.event, run.inputJson) }) }
  }
  const outcome = await deps.execution.invoke(callable.revision, {
    id: run.name,
    payloadJson,
    ...(run.blocking ? termsFrom(run.executedNs) : { begin: () => termsFrom(deps.clock.nowNs()) }),
    // What must fit a schema is not told before that is known.
    ...(callable.onPiece && callable.schemaOut === null && { onPiece: callable.onPiece }),
  })
  if (!outcome.ok || callable.schemaOut === null) return outcome
  const lines = deps.schemaCheck(callable.schemaOut)(JSON.parse(outcome.outputJson))
  return lines.length === 0
    ? outcome
    : failure('FunctionError', `Output invalid against schema: ${listOf(lines)}`, outcome.logs)
}

export interface Executed {
  finished: Run
  outcome: Outcome
}

/** Runs to the end. Rejects with BusyError, and for a defect of ours; every failed call is a run in ERROR. */
export async function executeRun(deps: ExecuteDependencies, run: Run, callable: Callee): Promise<Executed> {
  const outcome = await call(deps, run, callable)
  const ended = { ...run, logs: outcome.logs, finishedNs: deps.clock.nowNs() }
  if (!outcome.ok) return { outcome, finished: failRun(ended, outcome.error) }
  return { outcome, finished: { ...withoutCredentials(ended), status: 'READY', outputJson: outcome.outputJson } }
}

/** As it is recorded. */
export function failRun(run: Run, error: RunError): Run {
  const reason = [`error running function: ${run.functionName}: ${error.message}`]
  return { ...withoutCredentials(run), status: 'ERROR', error, reason }
}
