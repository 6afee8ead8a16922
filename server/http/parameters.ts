/** The parameter step of a request: content type, organization, body, path and query, in the order clients know. */
import type { TSchema } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { dispatchError, validationError } from '../core/errors.ts'
import { bodyNameOf, normalizeBody, parseFirstJson } from './body.ts'
import type { Operation, OperationRequest } from './operation.ts'
import { compileValidator, type Validator } from './validate.ts'

export type ParameterReader = (request: FastifyRequest) => OperationRequest

function checkContentType(request: FastifyRequest): void {
  if (request.headers['content-type'] === 'application/json') return
  const hasBody =
    Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined
  if (!hasBody) return
  const value = request.headers['content-type'] ?? 'application/octet-stream'
  const mediaType = (value.split(';')[0] ?? '').trim().toLowerCase()
  if (mediaType === 'application/json') return
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(mediaType)) {
    throw dispatchError('CONTENT_TYPE_NOT_PARSED', { value, cause: 'it is not a media type' })
  }
  throw dispatchError('MEDIA_TYPE', { type: value })
}

const orgHeader = 'x-dispatch-org'

function readOrganization({ headers, raw }: FastifyRequest): string {
  const joined = String(headers[orgHeader] ?? '')
  // Node joins a repeated header by commas; the last one counts.
  const org = joined.includes(',') ? (raw.headersDistinct?.[orgHeader]?.at(-1) ?? joined) : joined
  if (org === '') throw validationError(602, 'X-Dispatch-Org in header is required')
  return org
}

function throwIf(validator: Validator | undefined, value: unknown): void {
  const error = validator?.(value)
  if (error) throw error
}

const isRecord = (value: unknown): value is Record<string, string> => typeof value === 'object' && value !== null

type ReadBody = Pick<OperationRequest, 'body' | 'bodyText'>

/** With the annotation `itemAlone`, a list may come as its only item. Items are checked one by one, as if each came alone. */
function createBodyReader(schema: TSchema, optional: boolean): (text: string) => ReadBody {
  const isList = schema.itemAlone === true
  const validator = compileValidator(isList ? schema.items : schema, 'body')
  return text => {
    if (text === '') {
      if (optional) return { body: undefined, bodyText: '' }
      throw validationError(602, 'body in body is required')
    }
    const first = parseFirstJson(text, bodyNameOf(schema))
    const isItem = isList && !Array.isArray(first.value)
    const body = normalizeBody(schema, isItem ? [first.value] : first.value)
    for (const item of isList && Array.isArray(body) ? body : [body]) throwIf(validator, item)
    return { body, bodyText: first.text }
  }
}

/** Compiles an operation's schemas once; the reader throws the first DispatchError that the request deserves. */
export function createParameterReader(operation: Operation): ParameterReader {
  const readBody = operation.bodySchema && createBodyReader(operation.bodySchema, operation.bodyOptional === true)
  const pathValidator = operation.pathSchema && compileValidator(operation.pathSchema, 'path')
  const queryValidator = operation.querySchema && compileValidator(operation.querySchema, 'query')
  return request => {
    if (!operation.anyRequest) checkContentType(request)
    const org = operation.authenticated && !operation.anyOrganization ? readOrganization(request) : ''
    const sentText = typeof request.body === 'string' ? request.body : ''
    const { body, bodyText } = readBody?.(sentText) ?? { body: undefined, bodyText: sentText }
    const path = isRecord(request.params) ? request.params : {}
    const query = isRecord(request.query) ? request.query : {}
    throwIf(pathValidator, path)
    throwIf(queryValidator, { ...query })
    const { authorization = '' } = request.headers
    return { org, body, bodyText, path, query, tags: [query.tags ?? []].flat(), authorization }
  }
}
