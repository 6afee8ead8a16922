/** One request from its first line to its answer: match, protocol, CORS, checks, input, call. */
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { DispatchError, dispatchError } from '../core/errors.ts'
import type { ApiResponse, Call, Invoker, ServedApi } from '../core/ports.ts'
import { type Answer, emptyAnswer, renderOutcome, renderRefusal } from './answer.ts'
import { readBody } from './body.ts'
import { admit, type Check } from './checks.ts'
import { createHttpContext } from './context.ts'
import { readInput } from './input.ts'
import type { LiveTable } from './live-table.ts'
import type { Streams } from './streams.ts'
import type { Match } from './table.ts'
import { parseTarget, type Target } from './target.ts'

export interface ServeDependencies {
  table: Pick<LiveTable, 'current'>
  invoker: Invoker
  streams: Pick<Streams, 'call'>
  checks: readonly Check[]
  maxBodyBytes: number
}

/** What the connection, not the request, says. */
export interface Arrival {
  request: IncomingMessage
  requestId: string
  scheme: 'http' | 'https'
}

const anyOrigin: OutgoingHttpHeaders = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': '*',
  'access-control-allow-headers': '*',
}

/** Several, or none, allow both. */
function checkProtocol({ protocols }: ServedApi, scheme: string): void {
  const [only = '', ...others] = protocols
  if (protocols.length === 0 || others.length > 0 || only.toLowerCase() === scheme) return
  throw dispatchError('WRONG_PROTOCOL', { protocol: only.toUpperCase() })
}

/** Proxies and servers that disagree on which one counts can be played against each other. */
function checkHost({ rawHeaders }: IncomingMessage): void {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  if (hosts.length > 1) throw dispatchError('NOT_HTTP', { cause: 'it names more than one host' })
}

function createCall(
  { request, requestId, scheme }: Arrival,
  { api, params }: Match,
  from: { target: Target; body: Buffer },
): Call {
  const { headers, method = '', httpVersion, socket } = request
  const { org, functionName } = api
  const { target, body } = from
  const inputJson = readInput({ method, query: target.query, contentType: headers['content-type'], body })
  const remoteAddress = socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''
  const source = { method, target, headers, scheme, httpVersion, remoteAddress, functionName, requestId, params }
  return { org, functionName, inputJson, httpContext: createHttpContext(source) }
}

/** Resolves with what is to be answered; rejects for a defect of ours only. */
export async function serve(deps: ServeDependencies, arrival: Arrival): Promise<Answer> {
  const { request, scheme } = arrival
  const { method = '', url = '' } = request
  let headers: OutgoingHttpHeaders = {}
  try {
    checkHost(request)
    const target = parseTarget(url, request.headers.host)
    const match = (await deps.table.current()).find({ ...target, method })
    if (!match) throw dispatchError('NO_API', {})
    checkProtocol(match.api, scheme)
    if (match.api.cors) headers = anyOrigin
    if (method === 'OPTIONS') return { ...emptyAnswer, headers }
    const admission = await admit(deps.checks, match.api, request)
    headers = { ...headers, ...admission.headers }
    if (admission.refusal) throw admission.refusal
    const body = method === 'GET' ? Buffer.alloc(0) : await readBody(request, deps.maxBodyBytes)
    const call = createCall(arrival, match, { target, body })
    const isAwaited = request.headers['x-dispatch-blocking'] !== 'false'
    const answer = await (isAwaited ? invoke(deps, call, match.api.response) : enqueue(deps, call))
    return { ...answer, headers: { ...headers, ...answer.headers } }
  } catch (thrown) {
    if (!(thrown instanceof DispatchError)) throw thrown
    const answer = renderRefusal(thrown)
    return { ...answer, headers: { ...headers, ...answer.headers } }
  }
}

async function invoke(deps: ServeDependencies, call: Call, response: ApiResponse | undefined): Promise<Answer> {
  if (response !== undefined) return deps.streams.call(call, response === 'events')
  return renderOutcome((await deps.invoker.call(call)).outcome)
}

async function enqueue({ invoker }: ServeDependencies, call: Call): Promise<Answer> {
  await invoker.enqueue(call)
  return emptyAnswer
}
