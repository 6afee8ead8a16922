/**
 * The error catalogue: each way in which an operation can fail, with its HTTP status, whose fault it is, and its text.
 * Texts in the wire format of the original are contracts (scripts match on them); `{x}` is filled from the parameters.
 */
import type { Blame, CatalogueEntry } from './error-entry.ts'
import { gatewayErrors } from './errors-gateway.ts'
import { iamErrors } from './errors-iam.ts'

export const catalogue = {
  ...iamErrors,
  NO_RESOURCE: { httpStatus: 404, blame: 'caller', text: 'resource does not exist' },
  NO_PATH: { httpStatus: 404, blame: 'caller', text: 'path {path} was not found' },
  NOT_IN_SOLO: { httpStatus: 501, blame: 'caller', text: 'Endpoint is not implemented in this version of Dispatch' },
  METHOD_NOT_ALLOWED: { httpStatus: 405, blame: 'caller', text: 'method {method} is not allowed, but [{allowed}] are' },
  MEDIA_TYPE: {
    httpStatus: 415,
    blame: 'caller',
    text: 'unsupported media type "{type}", only [{allowed}] are allowed',
  },
  BODY_NOT_PARSED: {
    httpStatus: 400,
    blame: 'caller',
    text: 'parsing {bodyName} body from "" failed, because {cause}',
  },
  CONTENT_TYPE_NOT_PARSED: {
    httpStatus: 400,
    blame: 'caller',
    text: 'parsing Content-Type header from "{value}" failed, because {cause}',
  },
  NOT_FOUND: { httpStatus: 404, blame: 'caller', text: '{kind} {name} not found' },
  ALREADY_EXISTS: { httpStatus: 409, blame: 'caller', text: '{kind} {name} already exists' },
  NAME_DIFFERS: {
    httpStatus: 400,
    blame: 'caller',
    text: 'name {bodyName} in body differs from {pathName} in path: a name cannot be changed',
  },
  VALUES_UNSEEN: {
    httpStatus: 400,
    blame: 'caller',
    text: 'secret {name} was not changed: a PUT replaces its values, which you may not see, and the body has none; send all of them in secrets',
  },
  NO_SOURCE: { httpStatus: 400, blame: 'caller', text: 'either source or sourceURL must be specified' },
  SOURCE_REFUSED: { httpStatus: 400, blame: 'caller', text: 'source was refused: {cause}' },
  ARCHIVE_REFUSED: { httpStatus: 400, blame: 'caller', text: 'archive was refused: {cause}' },
  SCHEMA_UNUSABLE: { httpStatus: 400, blame: 'caller', text: 'could not decode schema.{side}: {cause}' },
  NO_BASE_IMAGE: { httpStatus: 400, blame: 'caller', text: 'Error fetching base image {name}' },
  NO_FUNCTION_NAMED: { httpStatus: 400, blame: 'caller', text: 'Bad Request: No function specified' },
  NO_PAYLOAD: { httpStatus: 400, blame: 'caller', text: 'Bad Request: Invalid Payload' },
  NOT_READY: { httpStatus: 404, blame: 'caller', text: 'function {name} is not READY' },
  NO_DRIVER_TYPE: {
    httpStatus: 400,
    blame: 'caller',
    text: 'bad request when processing event driver {name}: driver type {type} does not exist',
  },
  SUBSCRIPTION_UPDATING: {
    httpStatus: 400,
    blame: 'caller',
    text: 'Unable to update subscription {name}: subscription is already being updated',
  },
  SUBSCRIPTION_DELETING: {
    httpStatus: 400,
    blame: 'caller',
    text: 'Unable to delete subscription {name}: subscription is already being deleted',
  },
  BUILT_IN: {
    // Who applies a file creates what is not found.
    httpStatus: 404,
    blame: 'caller',
    text: '{kind} {name} is built in and stays as it is: create one of your own, under this name or another',
  },
  EVENT_INVALID: { httpStatus: 400, blame: 'caller', text: 'Error validating event: {cause}' },
  NOTHING_TO_RETRY: {
    httpStatus: 409,
    blame: 'caller',
    text: 'event {id} has no delivery to try again: each is delivered, or it had none',
  },
  WRONG_HOST: {
    httpStatus: 421,
    blame: 'caller',
    text: 'the request asks for host {host}, which is not this server: use localhost or an address',
  },
  FOREIGN_PAGE: {
    httpStatus: 403,
    blame: 'caller',
    text: 'a page of {origin} may not change anything here: the server does not share its API with that origin',
  },
  BAD_URL: { httpStatus: 400, blame: 'caller', text: 'the path {url} is not a valid URL path' },
  ...gatewayErrors,
  REQUEST_TIMEOUT: { httpStatus: 408, blame: 'caller', text: 'the request did not arrive in time' },
  HEADERS_TOO_LARGE: {
    httpStatus: 431,
    blame: 'caller',
    text: 'the headers of the request are larger than this server accepts',
  },
  NOT_HTTP: { httpStatus: 400, blame: 'caller', text: 'the request is not valid HTTP/1.1: {cause}' },
  BUSY: { httpStatus: 429, blame: 'caller', text: '{cause}; try again in {seconds} s' },
  DRAINING: { httpStatus: 503, blame: 'ours', text: 'the server is shutting down; try again in a moment' },
  KEYS_ROTATING: {
    httpStatus: 409,
    blame: 'caller',
    text: 'the keys are being rotated already: wait until that has ended',
  },
  KEYS_GIVEN: {
    httpStatus: 409,
    blame: 'caller',
    text: 'the keys come from {place}, which others write: put a new key before the present one there, and restart the server',
  },
  WRITE_CONFLICT: {
    httpStatus: 500,
    blame: 'ours',
    text: 'internal error when processing {kind} {name}: it was changed at the same time; try again',
  },
  DISK_FULL: {
    httpStatus: 507,
    blame: 'ours',
    text: '{kind} {name} could not be stored, because the disk is full: free some space and try again',
  },
  AUDIT_UNWRITABLE: {
    httpStatus: 503,
    blame: 'ours',
    text: 'nothing can be changed, because the audit log cannot be written: {cause}; make that possible and try again',
  },
  SEAL_BROKEN: {
    httpStatus: 500,
    blame: 'ours',
    text: '{kind} {name} cannot be opened: {cause}; put the database and its key file back from a backup, or delete it and create it again',
  },
  INTERNAL: { httpStatus: 500, blame: 'ours', text: 'internal error when processing {kind} {name}' },
  UNEXPECTED: {
    httpStatus: 500,
    blame: 'ours',
    text: 'internal error; the log holds the cause under request id {requestId}',
  },
} as const satisfies Record<string, CatalogueEntry>

export type ErrorName = keyof typeof catalogue
type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never
type Parameters<Name extends ErrorName> = Record<Placeholders<(typeof catalogue)[Name]['text']>, string>

/** A failure with a place in the catalogue. `code` is what the body carries; it differs from the status only for validation. */
export class DispatchError extends Error {
  override readonly name = 'DispatchError'
  /** Which catalogue entry it is; VALIDATION for violated rules. */
  readonly entry: ErrorName | 'VALIDATION'
  readonly code: number
  readonly httpStatus: number
  readonly blame: Blame
  /** When it is worth to try again; only where that is known. */
  readonly retryAfterSeconds: number | undefined

  constructor(fields: {
    entry: ErrorName | 'VALIDATION'
    code: number
    httpStatus: number
    blame: Blame
    message: string
    retryAfterSeconds?: number
    cause?: unknown
  }) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause })
    this.entry = fields.entry
    this.code = fields.code
    this.httpStatus = fields.httpStatus
    this.blame = fields.blame
    this.retryAfterSeconds = fields.retryAfterSeconds
  }
}

export function dispatchError<Name extends ErrorName>(
  name: Name,
  parameters: Parameters<Name>,
  cause?: unknown,
): DispatchError {
  const { httpStatus, blame, text } = catalogue[name]
  const values: Record<string, string> = parameters
  const message = text.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '')
  return new DispatchError({ entry: name, code: httpStatus, httpStatus, blame, message, cause })
}

/** HTTP 429: as much waits already as may. `cause` says what is full. */
export function busyError(cause: string, retryAfterSeconds: number): DispatchError {
  const { httpStatus, blame, message } = dispatchError('BUSY', { cause, seconds: String(retryAfterSeconds) })
  return new DispatchError({ entry: 'BUSY', code: httpStatus, httpStatus, blame, message, retryAfterSeconds })
}

/** HTTP 422 whose body carries the code of the violated rule (601 type, 602 required, 605 pattern, ...). */
export const validationError = (ruleCode: number, message: string): DispatchError =>
  new DispatchError({ entry: 'VALIDATION', code: ruleCode, httpStatus: 422, blame: 'caller', message })

/** The text of anything thrown, for a message or a log line. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

export const isEntry = (thrown: unknown, entry: ErrorName): boolean =>
  thrown instanceof DispatchError && thrown.entry === entry
