/** The API listener: fastify with the operations as routes, the credential check, and the error shape of the wire format. */

import type { OutgoingHttpHeader } from 'node:http'
import { Readable } from 'node:stream'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type onRequestHookHandler,
} from 'fastify'
import { DispatchError, dispatchError } from '../core/errors.ts'
import { createNotRouted } from './not-routed.ts'
import type { Operation, OperationContent } from './operation.ts'
import { createParameterReader, type ParameterReader } from './parameters.ts'

export interface ApiOptions {
  operations: Operation[]
  /** Whether the server can do its work, for /healthz; the version object is part of every answer. */
  health(): Promise<{ healthy: boolean; body: Record<string, unknown> }>
  logger: FastifyBaseLogger
  maxBodyBytes: number
}

interface JsonAnswer {
  status: number
  json: string
  headers?: Record<string, OutgoingHttpHeader | undefined> | undefined
}

/**
 * Past fastify, which would add a charset that the wire format does not have; as text, head and body leave in one piece.
 */
function sendJson(reply: FastifyReply, { status, json, headers }: JsonAnswer): FastifyReply {
  // Before fastify lets go of the answer: a header that cannot be sent is then told as any other error.
  reply.raw.writeHead(status, {
    'x-request-id': reply.request.id,
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(json),
  })
  reply.hijack().raw.end(json)
  return reply
}

/** What nobody may keep: it is of this moment. */
function sendContent(
  reply: FastifyReply,
  { status, content, log }: { status: number; content: OperationContent; log: ApiOptions['logger'] },
): FastifyReply {
  const stream = Readable.from(content.pieces, { objectMode: false })
  // The client only sees that the answer ends too early.
  stream.on('error', thrown => {
    if (!reply.raw.destroyed)
      log.error({ reqId: reply.request.id, err: thrown }, 'an answer could not be sent to its end')
  })
  return reply.code(status).headers({ 'content-type': content.type, 'cache-control': 'no-store' }).send(stream)
}

const checkCredentials: onRequestHookHandler = (request, _reply, done) => {
  const { cookie, authorization } = request.headers
  done(cookie || authorization ? undefined : dispatchError('UNAUTHENTICATED', {}))
}

const codeOf = (thrown: unknown): unknown => (thrown instanceof Error && 'code' in thrown ? thrown.code : undefined)

function toDispatchError(thrown: unknown, request: FastifyRequest): DispatchError {
  if (thrown instanceof DispatchError) return thrown
  const code = codeOf(thrown)
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return dispatchError('BODY_TOO_LARGE', {}, thrown)
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const value = request.headers['content-type'] ?? ''
    return dispatchError('CONTENT_TYPE_NOT_PARSED', { value, cause: 'it is not a media type' })
  }
  if (code === 'FST_ERR_BAD_URL') return dispatchError('BAD_URL', { url: request.url })
  return dispatchError('UNEXPECTED', { requestId: request.id }, thrown)
}

function sendError({ code, message, httpStatus, retryAfterSeconds }: DispatchError, reply: FastifyReply): FastifyReply {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  // Those too that fastify has set: after a body that is not read to its end the connection cannot be used again.
  const headers = reply.getHeaders()
  return sendJson(reply, { status: httpStatus, json: JSON.stringify({ code, message }), headers })
}

function addOperation(app: FastifyInstance, operation: Operation, log: ApiOptions['logger']): void {
  let reader: ParameterReader | undefined
  /** Made when first needed: to compile all schemas would take a third of the start. */
  const readParameters: ParameterReader = request => {
    reader ??= createParameterReader(operation)
    return reader(request)
  }
  app.route({
    method: operation.method,
    url: operation.path.replace(/\{(\w+)\}/g, ':$1'),
    ...(operation.authenticated && { onRequest: checkCredentials }),
    handler: async (request, reply) => {
      const { status, json, content, headers } = await operation.handle(readParameters(request))
      if (json !== undefined) return sendJson(reply, { status, json, headers })
      reply.headers({ 'x-request-id': request.id, ...headers })
      return content ? sendContent(reply, { status, content, log }) : reply.code(status).send()
    },
  })
}

const healthMethods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']

function addHealth(app: FastifyInstance, health: ApiOptions['health']): void {
  app.route({
    method: healthMethods,
    url: '/healthz*',
    handler: async (_, reply) => {
      const { healthy, body } = await health()
      return sendJson(reply, { status: healthy ? 200 : 503, json: JSON.stringify(body) })
    },
  })
}

/** Builds the app without listening: tests call it by `inject`. Blocking calls are never cut: only reading a request is timed. */
export function createApi({ operations, health, logger, maxBodyBytes }: ApiOptions): FastifyInstance {
  const app = fastify({
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // While the server stops, operations themselves refuse what cannot be begun any more, in their own words.
    return503OnClosing: false,
    bodyLimit: maxBodyBytes,
    http: { maxHeaderSize: 1024 * 1024 },
    frameworkErrors: (thrown, request, reply) => void sendError(toDispatchError(thrown, request), reply),
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1024 },
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.setErrorHandler((thrown, request, reply) => {
    const error = toDispatchError(thrown, request)
    // Without a cause it is a state that is known, such as a stop: a client that asks again and again must not fill the log.
    if (error.blame === 'ours' && error.cause) logger.error({ reqId: request.id, err: error.cause }, error.message)
    return sendError(error, reply)
  })
  const notRouted = createNotRouted(operations)
  app.setNotFoundHandler((request, reply) => {
    const { error, allowed } = notRouted(request.method, request.url)
    if (allowed.length > 0) reply.header('allow', allowed.join(','))
    return sendError(error, reply)
  })
  addHealth(app, health)
  for (const operation of operations) addOperation(app, operation, logger)
  return app
}
