/** How an operation's body comes from what was sent: by default one JSON value that its schema describes. */
import type { Static, TSchema } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { dispatchError, validationError } from '../core/errors.ts'
import { bodyNameOf, type FirstJson, normalizeBody, parseFirstJson } from './body.ts'
import type { BodyReader, Operation, ReadBody } from './operation.ts'
import { compileValidator, type Place } from './validate.ts'

const jsonType = 'application/json'

const hasBody = ({ headers }: FastifyRequest): boolean =>
  Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined

/** In lower case, without parameters; DispatchError when it is none. */
export function parseMediaType(value: string): string {
  const mediaType = (value.split(';')[0] ?? '').trim().toLowerCase()
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(mediaType))
    throw dispatchError('CONTENT_TYPE_NOT_PARSED', { value, cause: 'it is not a media type' })
  return mediaType
}

/** DispatchError when the header names none of the types; without it the type of any bytes is assumed, as clients know it. */
export function checkMediaType(value = 'application/octet-stream', allowed: readonly string[] = [jsonType]): void {
  if (!allowed.includes(parseMediaType(value)))
    throw dispatchError('MEDIA_TYPE', { type: value, allowed: allowed.join(' ') })
}

export function checkContentType(request: FastifyRequest): void {
  const { 'content-type': value } = request.headers
  if (value !== jsonType && hasBody(request)) checkMediaType(value)
}

export interface ValueOptions {
  /** Comes before the checks. */
  normalize?: (value: unknown) => unknown
  place?: Place
}

/** For a value that is parsed already; throws the first DispatchError that it deserves. */
export function createValueReader<Schema extends TSchema>(
  schema: Schema,
  { normalize = value => normalizeBody(schema, value), place = 'body' }: ValueOptions = {},
): (value: unknown) => Static<Schema> {
  const validator = compileValidator(schema, place)
  return value => {
    const body = normalize(value)
    const error = validator(body)
    if (error) throw error
    return body as Static<Schema>
  }
}

export function readFirstJson(text: string, bodyName?: string): FirstJson {
  if (text === '') throw validationError(602, 'body in body is required')
  return parseFirstJson(text, bodyName)
}

function createJsonReader(schema: TSchema, optional = false): (text: string) => ReadBody {
  const readValue = createValueReader(schema)
  return text => {
    if (text === '' && optional) return { body: undefined, bodyText: '' }
    const { value, text: bodyText } = readFirstJson(text, bodyNameOf(schema))
    return { body: readValue(value), bodyText }
  }
}

/** Undefined: the operation takes no body, and what is sent is passed on as it came. */
export function createBodyReader({ bodySchema, bodyOptional, createReader }: Operation): BodyReader | undefined {
  if (createReader) return createReader()
  const readJson = bodySchema && createJsonReader(bodySchema, bodyOptional)
  return readJson && (({ content }) => readJson(content.toString()))
}
