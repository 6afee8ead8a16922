/** The parameter step of a request: content type, organization, body, path and query, in the order clients know. */
import type { FastifyRequest } from 'fastify'
import { type Admission, type Asked, anyone, type Peer } from '../core/access.ts'
import type { AuditNote } from '../core/audit.ts'
import { validationError } from '../core/errors.ts'
import type { Operation, OperationRequest } from './operation.ts'
import { checkContentType, createBodyReader } from './read-body.ts'
import { clientNameOf } from './tls/client-name.ts'
import { compileValidator, type Validator } from './validate.ts'

/** Without an admission for operations that anybody may call. */
export interface Sender {
  admission: Admission | undefined
  peer: Peer
}

export type ParameterReader = (request: FastifyRequest, from: Sender) => OperationRequest

const orgHeader = 'x-dispatch-org'

/** Tells the connections of the local socket. */
export type IsLocal = (socket: object) => boolean

export const peerOf = ({ raw: { socket } }: FastifyRequest, isLocal: IsLocal | undefined): Peer => ({
  address: socket.remoteAddress ?? '',
  isLocal: isLocal?.(socket) === true,
  // Read when asked for: few connections have one, and it takes a while.
  get certificateName() {
    return clientNameOf(socket)
  },
})

/** '' when there is none. */
function organizationOf({ headers, raw }: FastifyRequest): string {
  const joined = String(headers[orgHeader] ?? '')
  // Node joins a repeated header by commas; the last one counts.
  return joined.includes(',') ? (raw.headersDistinct?.[orgHeader]?.at(-1) ?? joined) : joined
}

function requireOrganization(org: string): string {
  if (org === '') throw validationError(602, 'X-Dispatch-Org in header is required')
  return org
}

function throwIf(validator: Validator | undefined, value: unknown): void {
  const error = validator?.(value)
  if (error) throw error
}

const contentOf = ({ body }: FastifyRequest): string | Buffer =>
  typeof body === 'string' || Buffer.isBuffer(body) ? body : ''

export function askedOrganization(
  { anyOrganization, organizationParameter }: Operation,
  request: FastifyRequest,
): Pick<Asked, 'org' | 'organization'> {
  if (!anyOrganization) return { org: organizationOf(request), organization: 'existing' }
  const named = organizationParameter && isRecord(request.params) ? request.params[organizationParameter] : undefined
  return { org: named ?? '', organization: 'any' }
}

const isRecord = (value: unknown): value is Record<string, string> => typeof value === 'object' && value !== null

/** Of what is known before the body is read. */
export const sentBy = ({ headers, query }: FastifyRequest): Pick<OperationRequest, 'query' | 'authorization'> => ({
  query: isRecord(query) ? query : {},
  authorization: headers.authorization ?? '',
})

/** Compiles an operation's schemas once; the reader throws the first DispatchError that the request deserves. */
export function createParameterReader(operation: Operation): ParameterReader {
  const readBody = createBodyReader(operation)
  const takesAnyType = operation.anyRequest || operation.createReader !== undefined
  const pathValidator = operation.pathSchema && compileValidator(operation.pathSchema, 'path')
  const queryValidator = operation.querySchema && compileValidator(operation.querySchema, 'query')
  return (request, { admission, peer }) => {
    if (!takesAnyType) checkContentType(request)
    const org = admission && !operation.anyOrganization ? requireOrganization(admission.org) : ''
    const content = contentOf(request)
    const { body, bodyText } = readBody?.({ headers: request.headers, content }) ?? {
      body: undefined,
      bodyText: content.toString(),
    }
    const path = isRecord(request.params) ? request.params : {}
    const { query, authorization } = sentBy(request)
    throwIf(pathValidator, path)
    throwIf(queryValidator, { ...query })
    const header = (name: string): string => String(request.headers[name] ?? '')
    const { principal } = admission ?? { principal: anyone }
    const tags = [query.tags ?? []].flat().filter(Boolean)
    const isEncrypted = request.protocol === 'https'
    const note = (known: AuditNote): void => {
      request.auditNote = { ...request.auditNote, ...known }
    }
    return { org, principal, body, bodyText, path, query, tags, authorization, header, peer, isEncrypted, note }
  }
}
