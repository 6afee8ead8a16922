/** What a function is told of the request that calls it: `context.httpContext`. Pure. */
import type { IncomingHttpHeaders } from 'node:http'
import { cookiesIn, credentialHeaders, isToken, loginCookies } from '../core/credentials.ts'
import type { Identity } from './admission.ts'
import type { Target } from './target.ts'

export interface ContextSource {
  method: string
  target: Target
  headers: IncomingHttpHeaders
  scheme: string
  httpVersion: string
  remoteAddress: string
  functionName: string
  requestId: string
  params: Readonly<Record<string, string>>
  /** Of who calls an API that authenticates. */
  identity: Identity | undefined
}

/** Of W3C Trace Context: version, trace, the client's span, flags. */
const traceparent = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/

/** undefined where there is none, and where it is none. */
export function traceOf({ headers }: { headers: IncomingHttpHeaders }): string | undefined {
  const { traceparent: text } = headers
  return typeof text === 'string' && traceparent.test(text) ? text : undefined
}

const ownCookies = new Set<string>(Object.values(loginCookies))

/** A browser sends what was set at the API listener to every port of the host: what lets somebody in there is no function's. */
function withoutOwnCookies({ cookie, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  if (cookie === undefined) return headers
  const others = cookiesIn(cookie).filter(({ name, value }) => !ownCookies.has(name) && !isToken(value))
  return others.length === 0 ? headers : { ...headers, cookie: others.map(({ text }) => text).join('; ') }
}

/** A function is told who calls, not what they have proven it by. */
const withoutCredentials = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !credentialHeaders.includes(name)))

export const createHttpContext = (source: ContextSource): object => ({
  method: source.method,
  request: source.target.uri,
  request_uri: source.target.uri,
  uri: source.target.uri,
  args: source.target.query,
  scheme: source.scheme,
  server_protocol: `HTTP/${source.httpVersion}`,
  // An odd name for it, by which functions know it.
  upstream_uri: source.functionName,
  headers: source.identity ? withoutCredentials(source.headers) : withoutOwnCookies(source.headers),
  host: source.target.host,
  remote_addr: source.remoteAddress,
  ...(Object.keys(source.params).length > 0 && { params: source.params }),
  request_id: source.requestId,
  ...(source.identity && { identity: source.identity }),
  ...(traceOf(source) && { traceparent: traceOf(source) }),
})
