/** The API listener: fastify with the operations as routes, the credential check, and the error shape of the wire format. */

import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type onRequestHookHandler,
  type RouteHandlerMethod,
} from 'fastify'
import type { Access, Admission, Gate, Principal } from '../core/access.ts'
import type { Audit } from '../core/audit.ts'
import { DispatchError, dispatchError } from '../core/errors.ts'
import { sendContent, sendError, sendJson } from './answer.ts'
import { type Auditor, createAuditor } from './auditor.ts'
import { closedHeaders } from './closed-headers.ts'
import { type ConnectionLimits, connectionLimits, createNodeOptions, createRequestIds } from './connections.ts'
import { createEdge, type EdgeOptions } from './edge.ts'
import { createNotRouted } from './not-routed.ts'
import type { Operation, OperationRequest } from './operation.ts'
import { askedOrganization, createParameterReader, type ParameterReader, peerOf, sentBy } from './parameters.ts'
import { refuseConnection } from './refused-connection.ts'

export interface ApiOptions extends EdgeOptions {
  operations: readonly Operation[]
  gate: Gate
  logger: FastifyBaseLogger
  maxBodyBytes: number
  /** Tells the ids of requests of one start of the server from those of another. */
  startId: string
  limits?: ConnectionLimits
  /** Without it nothing is written down. */
  audit?: Audit
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Not there for operations that anybody may call. */
    admission?: Admission
    /** Once it is known, also when the request is then refused. */
    principal?: Principal
  }
}

/** Before the body is read: it is nobody's who is not let in. */
const createAdmit =
  (operation: Operation, access: Exclude<Access, 'public'>, { gate, isLocal }: ApiOptions): onRequestHookHandler =>
  (request, _reply, done) => {
    const { cookie = '', authorization = '' } = request.headers
    const peer = peerOf(request, isLocal)
    const identified = (principal: Principal): void => {
      request.principal = principal
    }
    const enter = (admission: Admission): void => {
      request.admission = admission
      done()
    }
    const refuse = (thrown: unknown): void => {
      if (operation.recognizes && thrown instanceof DispatchError) done()
      else done(thrown instanceof Error ? thrown : new Error(String(thrown)))
    }
    try {
      const asked = { access, ...askedOrganization(operation, request), authorization, cookie, peer, identified }
      const admitted = gate.admit(asked)
      if (admitted instanceof Promise) admitted.then(enter, refuse)
      else enter(admitted)
    } catch (thrown) {
      refuse(thrown)
    }
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
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH' || code === 'ECONNRESET') {
    return dispatchError('BODY_NOT_PARSED', { bodyName: 'body', cause: 'it did not arrive as a whole' })
  }
  if (code === 'FST_ERR_BAD_URL') return dispatchError('BAD_URL', { url: request.url })
  return dispatchError('UNEXPECTED', { requestId: request.id }, thrown)
}

/** Of who has shown no right to do anything. */
const maxStrangerBodyBytes = 64 * 1024

const mayBeLarge = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > maxStrangerBodyBytes

const createSenderCheck =
  (checkSender: NonNullable<Operation['checkSender']>): onRequestHookHandler =>
  (request, _reply, done) => {
    if (!mayBeLarge(request)) return done()
    checkSender(sentBy(request)).then(() => done(), done)
  }

const takesLarge = ({ access, checkSender }: Operation): boolean =>
  typeof access !== 'string' || checkSender !== undefined

/** In this order, before the body is read. */
function hooksOf(operation: Operation, access: Access, options: ApiOptions): onRequestHookHandler[] {
  return [
    ...(access === 'public' ? [] : [createAdmit(operation, access, options)]),
    ...(operation.checkSender ? [createSenderCheck(operation.checkSender)] : []),
  ]
}

interface HandlerOptions extends ApiOptions {
  auditor: Auditor | undefined
}

function handlerOf(
  operation: Operation,
  { logger: log, isLocal, limits: { stallMs } = connectionLimits, auditor }: HandlerOptions,
): RouteHandlerMethod {
  let reader: ParameterReader | undefined
  /** Made when first needed: to compile all schemas would take a third of the start. */
  const readParameters = (request: FastifyRequest): OperationRequest => {
    reader ??= createParameterReader(operation)
    const asked = reader(request, { admission: request.admission, peer: peerOf(request, isLocal) })
    auditor?.begin(request, asked)
    return asked
  }
  return async (request, reply) => {
    const { status, json, content, headers } = await operation.handle(readParameters(request))
    const written = auditor?.end(request, status)
    if (written) await written
    if (json !== undefined) return sendJson(reply, { status, json, headers, stallMs })
    reply.headers({ 'x-request-id': request.id, ...closedHeaders, ...headers })
    return content ? sendContent(reply, { status, content, log, stallMs }) : reply.code(status).send()
  }
}

const allMethods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']

function addOperation(app: FastifyInstance, operation: Operation, options: ApiOptions): void {
  const { method, anyRequest, recognizes } = operation
  const access = recognizes ? 'known' : operation.access
  const path = operation.path.replace(/\{(\w+)\}/g, ':$1')
  const auditor = options.audit && createAuditor(operation, options.audit, options.isLocal)
  app.route({
    method: anyRequest ? allMethods : method,
    url: anyRequest ? `${path}*` : path,
    onRequest: hooksOf(operation, access, options),
    ...(!takesLarge(operation) && { bodyLimit: Math.min(maxStrangerBodyBytes, options.maxBodyBytes) }),
    ...(auditor && { config: { auditor } }),
    handler: handlerOf(operation, { ...options, auditor }),
  })
}

function createListener({ maxBodyBytes, startId, limits = connectionLimits }: ApiOptions): FastifyInstance {
  const nextRequestId = createRequestIds(startId)
  return fastify({
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // While the server stops, operations themselves refuse what cannot be begun any more, in their own words.
    return503OnClosing: false,
    genReqId: nextRequestId,
    bodyLimit: maxBodyBytes,
    http: createNodeOptions(limits),
    frameworkErrors: (thrown, request, reply) => void sendError(toDispatchError(thrown, request), reply),
    clientErrorHandler: (error, socket) => refuseConnection(error, socket, nextRequestId()),
    requestTimeout: limits.arrivalMs,
    keepAliveTimeout: limits.idleMs,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: limits.maxHeaderBytes },
  })
}

/** Builds the app without listening: tests call it by `inject`. */
export function createApi(options: ApiOptions): FastifyInstance {
  const { operations, logger } = options
  const app = createListener(options)
  // What a client expects beside 100-continue is none of ours: its request is answered like any other.
  app.server.on('checkExpectation', app.routing)
  app.addHook('onRequest', createEdge(options))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.setErrorHandler(async (thrown, request, reply) => {
    const error = toDispatchError(thrown, request)
    // Without a cause it is a state that is known, such as a stop: a client that asks again and again must not fill the log.
    if (error.blame === 'ours' && error.cause) logger.error({ reqId: request.id, err: error.cause }, error.message)
    await request.routeOptions.config.auditor?.end(request, error.httpStatus)
    return sendError(error, reply)
  })
  const notRouted = createNotRouted(operations)
  const refuse = (request: FastifyRequest, reply: FastifyReply) => {
    const { error, allowed } = notRouted(request.method, request.url)
    if (allowed.length > 0) reply.header('allow', allowed.join(','))
    return sendError(error, reply)
  }
  // Before the body is read, which nobody wants.
  app.addHook('onRequest', (request, reply, done) => (request.is404 ? void refuse(request, reply) : done()))
  app.setNotFoundHandler(refuse)
  for (const operation of operations) addOperation(app, operation, options)
  return app
}
