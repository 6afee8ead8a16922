/** The API gateway: a listener whose every request goes to the function of the API that it fits. */
import type { RequestListener, Server, ServerResponse } from 'node:http'
import { type Clock, msOf } from '../core/clock.ts'
import { dispatchError } from '../core/errors.ts'
import type { ApiReader, Invoker, Log, SecretReader } from '../core/ports.ts'
import { boundReading } from '../http/answer.ts'
import { fetchJson } from '../http/bounded-fetch.ts'
import {
  type ConnectionLimits,
  closeServer,
  connectionLimits,
  createListener,
  createRequestIds,
} from '../http/connections.ts'
import type { Challenges } from '../http/tls/challenges.ts'
import type { LiveIdentity } from '../http/tls/identity.ts'
import { type Answer, renderRefusal } from './answer.ts'
import { createCertificates } from './certificates.ts'
import type { TrustedProxies } from './client-address.ts'
import { createGuard } from './guard.ts'
import { createIssuers } from './issuers.ts'
import { createLiveTable } from './live-table.ts'
import { packAnswer } from './packing.ts'
import { type Arrival, serve } from './serve.ts'
import { createStreams } from './streams.ts'

export interface GatewayOptions {
  /** APIs of one that has gone are served no more. */
  hasOrganization(org: string): boolean | Promise<boolean>
  apis: ApiReader
  secrets: SecretReader
  invoker: Invoker
  clock: Clock
  log: Log
  maxBodyBytes: number
  /** Tells the ids of requests of this gateway from those of others. */
  startId: string
  /** Shown to clients that ask for no host of an API with a certificate of its own. */
  tls?: LiveIdentity
  /** What an authority asks by HTTP is no API's. */
  challenges?: Pick<Challenges, 'wrap'>
  /** Whose word on the address of a client counts. */
  trustedProxies?: TrustedProxies
  limits?: ConnectionLimits
}

export interface Gateway {
  servers: { http: Server; https?: Server }
  /** Reads the APIs; to be called before listening. */
  start(): Promise<void>
  /** To be called when the API was written or removed. */
  follow(org: string, name: string): Promise<void>
  /** To be called when the secret was written or removed. */
  forgetSecret(org: string, name: string): void
  /** Resolves when all that is under way is answered; connections take no further request. */
  close(): Promise<void>
  stats(): GatewayStats
}

/** Since the start, but for the APIs that are served now. */
export interface GatewayStats {
  answers: Record<string, number>
  apis: number
}

const heartbeatMs = 15_000
/** Answers of these have none, and say nothing of its length. */
const withoutBody = new Set([204, 304])

/** A request that a client names itself keeps that name. */
const nameOfRequest = /^[\w.:/+=@-]{1,128}$/

export function createGateway(options: GatewayOptions): Gateway {
  const { apis, log, limits = connectionLimits } = options
  const table = createLiveTable(apis)
  const streams = createStreams(options.invoker, { stallMs: limits.stallMs, heartbeatMs })
  const certificates = createCertificates({ ...options, table })
  const nowMs = () => msOf(options.clock.nowNs())
  const issuers = createIssuers({ fetchJson, nowMs, log })
  const guard = createGuard({ secrets: options.secrets, issuers, nowMs, log })
  const nextRequestId = createRequestIds(`${options.startId}-gw`)
  /** By status. */
  const answers = new Map<number, number>()
  let closing = false

  const answerOf = async (arrival: Arrival): Promise<Answer> => {
    try {
      const answer = await serve({ ...options, table, streams, guard }, arrival)
      return await packAnswer(answer, arrival.request.headers['accept-encoding'])
    } catch (thrown) {
      const { requestId } = arrival
      const error = dispatchError('UNEXPECTED', { requestId })
      log.error({ reqId: requestId, err: thrown }, error.message)
      return renderRefusal(error)
    }
  }

  const send = (
    response: ServerResponse,
    requestId: string,
    { status, headers, body }: Answer,
  ): Promise<void> | void => {
    // What is left of a body that is too large is not worth reading.
    const isLast = closing || status === 413
    const isStream = typeof body === 'function'
    answers.set(status, (answers.get(status) ?? 0) + 1)
    response.writeHead(status, {
      'x-request-id': requestId,
      ...headers,
      ...(!isStream && !withoutBody.has(status) && { 'content-length': Buffer.byteLength(body) }),
      ...(isLast && { connection: 'close' }),
    })
    if (isStream) return body(response)
    boundReading(response, limits.stallMs)
    response.end(body)
  }

  const handlerOf =
    (scheme: Arrival['scheme']): RequestListener =>
    async (request, response) => {
      const named = request.headers['x-request-id']
      const requestId = typeof named === 'string' && nameOfRequest.test(named) ? named : nextRequestId()
      await send(response, requestId, await answerOf({ request, requestId, scheme }))
    }

  const common = { limits, nextRequestId }
  const tls = options.tls && { identity: options.tls, contextOf: certificates.contextOf }
  const { wrap = (handle: RequestListener) => handle } = options.challenges ?? {}
  const http = createListener({ ...common, handle: wrap(handlerOf('http')) })
  const https = tls && createListener({ ...common, handle: handlerOf('https'), tls })
  return {
    servers: { http, ...(https && { https }) },
    start: table.load,
    follow: table.follow,
    forgetSecret: (org, name) => {
      certificates.forget(org, name)
      guard.forgetSecret(org, name)
    },
    close: async () => {
      closing = true
      streams.close()
      await Promise.all([http, https].map(closeServer))
    },
    stats: () => ({ answers: Object.fromEntries(answers), apis: table.size() }),
  }
}
