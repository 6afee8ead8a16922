/** The API listener: fastify with the operations as routes, the credential check, and the error shape of the wire format. */

import type { OutgoingHttpHeader } from 'node:http'
import { Readable } from 'node:stream'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
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

/**
 * Past fastify, which would add a charset that the wire format does not have; as text, head and body leave in one piece.
 */
function sendJson(reply: FastifyReply, status: number, text: string): FastifyReply {
  const headers: Record<string, OutgoingHttpHeader | undefined> = reply.getHeaders()
  headers['content-type'] = 'application/json'
  headers['content-length'] = Buffer.byteLength(text)
  reply.hijack().raw.writeHead(status, headers).end(text)
  return reply
}

/** What nobody may keep: it is of this moment. */
const sendContent = (reply: FastifyReply, status: number, { type, pieces }: OperationContent): FastifyReply =>
  reply
    .code(status)
    .headers({ 'content-type': type, 'cache-control': 'no-store' })
    .send(Readable.from(pieces, { objectMode: false }))

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

function sendError(error: DispatchError, reply: FastifyReply): FastifyReply {
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds))
  return sendJson(reply, error.httpStatus, JSON.stringify({ code: error.code, message: error.message }))
}

function addOperation(app: FastifyInstance, operation: Operation): void {
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
      if (headers) reply.headers(headers)
      if (content) return sendContent(reply, status, content)
      return json === undefined ? reply.code(status).send() : sendJson(reply, status, json)
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
      return sendJson(reply, healthy ? 200 : 503, JSON.stringify(body))
    },
  })
}

/** Builds the app without listening: tests call it by `inject`. Blocking calls are never cut: only reading a request is timed. */
export function createApi({ operations, health, logger, maxBodyBytes }: ApiOptions): FastifyInstance {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request would be made for those too that log nothing.
    childLoggerFactory: parent => parent,
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
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  app.setErrorHandler((thrown, request, reply) => {
    const error = toDispatchError(thrown, request)
    if (error.blame === 'ours') request.log.error({ reqId: request.id, err: error.cause ?? error }, error.message)
    return sendError(error, reply)
  })
  const notRouted = createNotRouted(operations)
  app.setNotFoundHandler((request, reply) => {
    const { error, allowed } = notRouted(request.method, request.url)
    if (allowed.length > 0) reply.header('allow', allowed.join(','))
    return sendError(error, reply)
  })
  addHealth(app, health)
  for (const operation of operations) addOperation(app, operation)
  return app
}
