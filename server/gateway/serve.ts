/** One request from its first line to its answer: match, protocol, CORS, checks, input, call. */
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { DispatchError, dispatchError } from '../core/errors.ts'
import type { ApiResponse, AwaitedCall, Invoker, ServedApi } from '../core/ports.ts'
import type { Admission, Identity } from './admission.ts'
import { type Answer, emptyAnswer, renderAccepted, renderOutcome, renderRefusal } from './answer.ts'
import { readBody } from './body.ts'
import { clientAddressOf, type TrustedProxies } from './client-address.ts'
import { createHttpContext, traceOf } from './context.ts'
import { type Guard, isGuarded } from './guard.ts'
import { readInput } from './input.ts'
import type { LiveTable } from './live-table.ts'
import { renderRaw } from './raw.ts'
import type { Streams } from './streams.ts'
import type { Match } from './table.ts'
import { parseTarget, type Target } from './target.ts'

export interface ServeDependencies {
  hasOrganization(org: string): boolean | Promise<boolean>
  table: Pick<LiveTable, 'current'>
  invoker: Invoker
  streams: Pick<Streams, 'call'>
  guard: Pick<Guard, 'admit'>
  trustedProxies?: TrustedProxies
  maxBodyBytes: number
}

/** What the connection, not the request, says. */
export interface Arrival {
  request: IncomingMessage
  requestId: string
  scheme: 'http' | 'https'
}

const everybody: Admission = Object.freeze({})

const anyOrigin: OutgoingHttpHeaders = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': '*',
  'access-control-allow-headers': '*',
}

/** `*` does not stand for the header that credentials come in. */
const corsHeadersOf = ({ authentication }: ServedApi): OutgoingHttpHeaders =>
  authentication ? { ...anyOrigin, 'access-control-allow-headers': '*, Authorization' } : anyOrigin

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
  from: { target: Target; body: Buffer; remoteAddress: string; identity: Identity | undefined },
): AwaitedCall {
  const { headers, method = '', httpVersion } = request
  const { org, functionName, timeoutMs } = api
  const { target, body, remoteAddress, identity } = from
  const inputJson = readInput({ method, query: target.query, contentType: headers['content-type'], body })
  const source = {
    method,
    target,
    headers,
    scheme,
    httpVersion,
    remoteAddress,
    functionName,
    requestId,
    params,
    identity,
  }
  const httpContext = createHttpContext(source)
  return { org, functionName, inputJson, httpContext, ...(timeoutMs !== undefined && { timeoutMs }) }
}

/** Resolves with what is to be answered; rejects for a defect of ours only. */
export async function serve(deps: ServeDependencies, arrival: Arrival): Promise<Answer> {
  const { request, scheme } = arrival
  const { method = '', url = '' } = request
  const trace = traceOf(request)
  let headers: OutgoingHttpHeaders = trace ? { traceparent: trace } : {}
  try {
    checkHost(request)
    const target = parseTarget(url, request.headers.host)
    const match = (await deps.table.current()).find({ ...target, method })
    if (!match || !(await deps.hasOrganization(match.api.org))) throw dispatchError('NO_API', {})
    checkProtocol(match.api, scheme)
    if (match.api.cors) headers = { ...headers, ...corsHeadersOf(match.api) }
    if (method === 'OPTIONS') return { ...emptyAnswer, headers }
    const remoteAddress = clientAddressOf(request, deps.trustedProxies)
    const admission = isGuarded(match.api) ? await deps.guard.admit(match.api, request, remoteAddress) : everybody
    headers = { ...headers, ...admission.headers }
    if (admission.refusal) throw admission.refusal
    const limit = Math.min(match.api.maxBodyBytes ?? deps.maxBodyBytes, deps.maxBodyBytes)
    const body = method === 'GET' ? Buffer.alloc(0) : await readBody(request, limit)
    const call = createCall(arrival, match, { target, body, remoteAddress, identity: admission.identity })
    const answer = await invoke(deps, match.api, { call, request })
    return { ...answer, headers: { ...headers, ...answer.headers } }
  } catch (thrown) {
    if (!(thrown instanceof DispatchError)) throw thrown
    const answer = renderRefusal(thrown)
    return { ...answer, headers: { ...headers, ...answer.headers } }
  }
}

type Invoke = (deps: ServeDependencies, call: AwaitedCall) => Promise<Answer>

/** By what becomes of the output of a call that its client waits for. */
const awaited: Record<ApiResponse | 'json', Invoke> = {
  json: async ({ invoker }, call) => renderOutcome((await invoker.call(call)).outcome),
  raw: async ({ invoker }, call) => renderRaw((await invoker.call(call)).outcome),
  stream: ({ streams }, call) => streams.call(call, false),
  events: ({ streams }, call) => streams.call(call, true),
}

/** RFC 7240. */
const respondAsync = /(?:^|,)\s*respond-async\s*(?:$|[,;])/i

async function invoke(
  deps: ServeDependencies,
  api: ServedApi,
  { call, request: { headers } }: { call: AwaitedCall; request: IncomingMessage },
): Promise<Answer> {
  if (headers['x-dispatch-blocking'] === 'false') {
    await deps.invoker.enqueue(call)
    return emptyAnswer
  }
  if (respondAsync.test(String(headers.prefer ?? ''))) return renderAccepted(await deps.invoker.enqueue(call))
  return awaited[api.response ?? 'json'](deps, call)
}
