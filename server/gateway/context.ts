/** What a function is told of the request that calls it: `context.httpContext`. Pure. */
import type { IncomingHttpHeaders } from 'node:http'
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
}

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
  headers: source.headers,
  host: source.target.host,
  remote_addr: source.remoteAddress,
  ...(Object.keys(source.params).length > 0 && { params: source.params }),
  request_id: source.requestId,
})
