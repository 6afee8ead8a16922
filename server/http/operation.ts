/** An operation of the REST API as data: router, validation and the API document all come from it. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Static, TObject, TSchema } from '@sinclair/typebox'
import { type Access, type Peer, type Principal, permissionOf } from '../core/access.ts'
import type { AuditMode, AuditNote } from '../core/audit.ts'
import type { ErrorName } from '../core/errors.ts'

export interface OperationRequest<Body = unknown> {
  org: string
  /** Who asks. */
  principal: Principal
  body: Body
  /** The text of the body's JSON value: for values whose numbers must keep their literal form. */
  bodyText: string
  path: Record<string, string>
  query: Record<string, string | undefined>
  /** What a list is narrowed to: every `tags` of the query. */
  tags: string[]
  /** The header of that name; '' when absent. */
  authorization: string
  /** As for `authorization`, of a name in lower case. */
  header(name: string): string
  peer: Peer
  /** It came over TLS. */
  isEncrypted: boolean
  /** For the audit log; what is noted later is added. */
  note(known: AuditNote): void
}

/** What a request brings as its body. */
export interface SentBody {
  headers: IncomingHttpHeaders
  /** Bytes where the type of the body is not application/json; '' when there is none. */
  content: string | Buffer
}

export interface ReadBody<Body = unknown> {
  body: Body
  bodyText: string
}

/** Throws a DispatchError that says what is wrong with the body, its type included. */
export type BodyReader<Body = unknown> = (sent: SentBody) => ReadBody<Body>

/** An answer that is no JSON. Pieces go out as they come; when the client has gone, the iterator is told to return. */
export interface OperationContent {
  type: string
  pieces: AsyncIterable<string> | string[]
}

/** `json` is JSON text: it goes out as it is. Without it and `content` the answer has no body. */
export interface OperationReply {
  status: number
  json?: string
  content?: OperationContent
  headers?: Record<string, string>
}

/** What an answer holds when all is well; never looked at when one is sent. */
export interface Answer {
  description: string
  /** Absent: there is no body. */
  schema?: TSchema
  /** When it is not JSON. */
  contentType?: string
  /** Who asks for it gets this instead. */
  orContentType?: string
}

export interface Operation {
  id: string
  /** What documents list it under. */
  group: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With parameters in braces, e.g. /v1/image/{imageName}. */
  path: string
  summary: string
  description?: string
  /** By status. */
  answers: Record<number, Answer>
  /** Beside those that follow from the rest, such as 401 and 422. */
  errors?: readonly ErrorName[]
  pathSchema?: TObject
  querySchema?: TObject
  bodySchema?: TSchema
  /** Media types of the body beside application/json, for those who read about it. */
  bodyTypes?: readonly string[]
  /** For bodies that are not just one JSON value of the schema, which then only describes them. Called at the first request. */
  createReader?: () => BodyReader
  /** A body that may be left out reaches the handler as undefined. */
  bodyOptional?: boolean
  /** `public` for what a client may ask before it knows any organization or credential. */
  access: Access
  /** With the access `public`: whose credentials prove it is known to the handler; who is nobody is served all the same. */
  recognizes?: boolean
  /** Before a body is read that is larger than anybody's may be: throws the DispatchError for whom none is. */
  checkSender?(sent: Pick<OperationRequest, 'query' | 'authorization'>): Promise<unknown>
  /** True where the organization follows from something else: the header is not looked at, and `org` is ''. */
  anyOrganization?: boolean
  /** With `anyOrganization`: the parameter of its path that names the organization whose policies count; it need not exist. */
  organizationParameter?: string
  /** True where nothing of the request matters: any method, any body, and whatever follows the path. */
  anyRequest?: boolean
  /** When it does not follow from method and access: what only asks is `counted`, what anybody may ask not at all, all else `each`. */
  audit?: AuditMode
  /** What the audit log calls the object, where that is neither the end of the path nor the body's name. Never a secret. */
  auditedName?(request: OperationRequest): string
  handle(request: OperationRequest): Promise<OperationReply>
}

/** Ties the type of the handler's body to what validated it: the schema, or a reader of its own. */
export function operation<Body extends TSchema, Read = Static<Body>>(
  definition: Omit<Operation, 'handle' | 'bodySchema' | 'createReader' | 'access'> & {
    /** When it does not follow from method and path. */
    access?: Access
    bodySchema?: Body
    createReader?: () => BodyReader<Read>
    handle(request: OperationRequest<Read>): Promise<OperationReply>
  },
): Operation {
  return { access: permissionOf(definition.method, definition.path), ...definition }
}

export const jsonReply = (status: number, value: unknown): OperationReply => ({ status, json: JSON.stringify(value) })

/** The header `Link` of a list that goes on at another place; what is undefined is left out, a list comes once for each item. */
export function renderNextLink(path: string, query: Record<string, string | string[] | undefined>): string {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    for (const each of [value ?? []].flat()) parameters.append(key, each)
  return `<${path}?${parameters}>; rel="next"`
}
