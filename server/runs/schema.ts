/** Runs: what clients send, and the one JSON form in which a run is stored and answered. */
import { type Static, Type } from '@sinclair/typebox'
import type { Tag } from '../core/entity.ts'
import type { RunError, RunLogs } from '../core/execution.ts'
import { joinMembers, memberText, quote } from '../core/json.ts'
import type { Status } from '../core/status.ts'
import { flag, ignoredStrings, shown, shownTag, status, strings, stringsOrNull, tags, uuid } from '../http/shapes.ts'
import type { RunRecord } from '../store/port.ts'

const says = {
  blocking: 'Whether the answer waits until the run has ended',
  event: 'Put into the context that the function gets',
  input: 'What the function gets: any JSON value',
}

/** Read-only fields are checked and ignored: clients send back what they got. */
export const runBody = Type.Object(
  {
    blocking: flag(says.blocking),
    event: Type.Optional(Type.Object({}, { description: says.event })),
    faasId: uuid,
    httpContext: Type.Optional(Type.Object({}, { description: says.event })),
    input: Type.Optional(Type.Unknown({ description: says.input })),
    name: uuid,
    reason: ignoredStrings,
    secrets: strings('Names of secrets that the run gets beside those of the function'),
    services: Type.Optional(Type.Array(Type.String(), { description: 'Unused' })),
    status,
    tags,
  },
  { title: 'RunBody', examples: [{ blocking: true, input: { name: 'Jon' } }] },
)
export type RunBody = Static<typeof runBody>

const nanoseconds = (description: string) =>
  Type.Integer({ format: 'int64', description: `${description}, Unix nanoseconds: more digits than a double holds` })

export const shownRun = Type.Object(
  {
    blocking: Type.Optional(Type.Boolean({ description: 'There and true when its caller waited' })),
    error: Type.Optional(
      Type.Object(
        {
          type: Type.Unsafe<RunError['type']>({
            type: 'string',
            enum: ['InputError', 'FunctionError', 'SystemError'],
            description: "Whose fault it was: the caller's, the function's, or the server's",
          }),
          message: Type.String({ description: 'What went wrong' }),
          stacktrace: stringsOrNull("The function's own frames"),
        },
        { description: 'Why it failed' },
      ),
    ),
    event: Type.Optional(Type.Object({}, { description: 'As it was given, but for credentials in its headers' })),
    executedTime: nanoseconds('When it was accepted'),
    faasId: Type.String({ format: 'uuid', description: 'The version of the function that it is of' }),
    finishedTime: Type.Optional(nanoseconds('When it ended')),
    functionId: Type.String({ format: 'uuid', description: 'Id of its function' }),
    functionName: Type.String({ description: 'Name of its function' }),
    httpContext: Type.Optional(Type.Object({}, { description: 'As it was given' })),
    input: Type.Optional(Type.Unknown({ description: 'As it was given' })),
    logs: Type.Optional(
      Type.Object(
        { stdout: stringsOrNull('Lines'), stderr: stringsOrNull('Lines') },
        { description: 'What it printed; there once it has ended' },
      ),
    ),
    name: Type.String({ format: 'uuid', description: 'Given by the server' }),
    output: Type.Optional(Type.Unknown({ description: 'What the function returned, unless that is null' })),
    reason: stringsOrNull('Why it failed'),
    secrets: stringsOrNull('Names of the secrets that it gets'),
    services: Type.Null({ description: 'Unused' }),
    status: Type.Unsafe<Status>({
      ...shown.status,
      description: 'INITIALIZED: it waits; CREATING: it runs; READY: it has succeeded; ERROR: it has failed',
    }),
    tags: Type.Array(shownTag, { description: 'What it was tagged with' }),
  },
  { title: 'Run' },
)

/** Members that hold JSON are texts, so that numbers in them stay as they were written. Times are Unix nanoseconds. */
export interface Run {
  name: string
  org: string
  functionName: string
  functionId: string
  faasId: string
  blocking: boolean
  status: Status
  inputJson: string | undefined
  outputJson?: string
  logs?: RunLogs
  error?: RunError
  reason: string[] | null
  secrets: string[] | null
  httpContext?: object
  event?: object
  /** When it was accepted. */
  executedNs: bigint
  /** When its turn came, for one that waited. */
  begunNs?: bigint
  finishedNs?: bigint
  tags: Tag[] | null
}

const optional = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value))
const nullable = (value: unknown): string => (value === null ? 'null' : JSON.stringify(value))

/** The run on the wire. A null output is left out, as is `finishedTime` until the run has ended. */
export const renderRun = (run: Run): string =>
  joinMembers({
    blocking: run.blocking ? 'true' : undefined,
    error: optional(run.error),
    event: optional(run.event),
    executedTime: String(run.executedNs),
    faasId: quote(run.faasId),
    finishedTime: run.finishedNs === undefined ? undefined : String(run.finishedNs),
    functionId: quote(run.functionId),
    functionName: quote(run.functionName),
    httpContext: optional(run.httpContext),
    input: run.inputJson,
    logs: optional(run.logs),
    name: quote(run.name),
    output: run.outputJson === 'null' ? undefined : run.outputJson,
    reason: nullable(run.reason),
    secrets: nullable(run.secrets),
    services: 'null',
    status: quote(run.status),
    tags: run.tags?.length ? JSON.stringify(run.tags) : '[]',
  })

export const toRecord = (run: Run, body: string): RunRecord => ({
  name: run.name,
  org: run.org,
  functionName: run.functionName,
  functionId: run.functionId,
  status: run.status,
  executedNs: run.executedNs,
  modifiedNs: run.finishedNs ?? run.executedNs,
  body,
})

/** They stand at its end, so that the many runs without any are told without parsing. */
export function parseTags({ body }: RunRecord): Tag[] | null {
  if (body.endsWith('"tags":[]}')) return null
  const { tags }: { tags: Tag[] } = JSON.parse(body)
  return tags
}

/** The run as it was accepted, from its record. */
export function parseRun({ body, ...record }: RunRecord): Run {
  const stored: Pick<Run, 'faasId' | 'reason' | 'secrets' | 'httpContext' | 'event' | 'tags'> & {
    input?: unknown
    blocking?: boolean
  } = JSON.parse(body)
  const { name, org, functionName, functionId, status, executedNs } = record
  const { faasId, reason, secrets, httpContext, event, tags, blocking = false } = stored
  const inputJson = memberText(body, 'input', stored.input)
  return {
    ...{ name, org, functionName, functionId, faasId, blocking, status, inputJson, reason, secrets, executedNs, tags },
    ...(httpContext && { httpContext }),
    ...(event && { event }),
  }
}
