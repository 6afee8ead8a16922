/** The first look at a request: which host it asks for, and whether a page of another site sent it. */
import { isIP } from 'node:net'
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { dispatchError } from '../core/errors.ts'

export interface EdgeOptions {
  /** Of this server, beside addresses and localhost; without it any host is its own. */
  hosts?: readonly string[]
  /** Of other sites whose pages may use the API, such as https://ui.example. */
  origins?: readonly string[]
  /** Whether a connection came by the local socket, which no browser opens. */
  isLocal?(socket: object): boolean
}

/**
 * A page can have its own name lead to this machine, and so get past the browser's wall between sites; an address it
 * cannot: whoever asks for one has looked no name up.
 */
export function createHostCheck(hosts: readonly string[]): (host: string) => boolean {
  const own = new Set(hosts.map(host => host.toLowerCase()))
  return host => {
    const [, bracketed, plain = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host.toLowerCase()) ?? []
    const name = (bracketed ?? plain).replace(/\.$/, '')
    return name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0 || own.has(name)
  }
}

const sameSite = new Set(['same-origin', 'none'])

/** By what the browser says, which no page can change; older ones tell the page's origin alone. */
function isForeign({ headers }: FastifyRequest, origin: string): boolean {
  const site = headers['sec-fetch-site']
  if (typeof site === 'string') return !sameSite.has(site)
  return origin.replace(/^https?:\/\//, '') !== headers.host
}

/** No word of cookies, so browsers send none along: pages of other sites bring a token. */
const sharedHeaders = { 'access-control-expose-headers': 'x-request-id, link, retry-after, location' }
const preflightHeaders = {
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'authorization, content-type, x-dispatch-org',
  'access-control-max-age': '600',
}

function share({ raw }: FastifyReply, origin: string): void {
  for (const [name, value] of Object.entries(sharedHeaders)) raw.setHeader(name, value)
  raw.setHeader('access-control-allow-origin', origin)
}

const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined

const readsOnly = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Before credentials are looked at: a browser sends those of its user along with what a page of another site asks for. */
export function createEdge({ hosts, origins = [], isLocal }: EdgeOptions): onRequestHookHandler {
  const isOwn = hosts && createHostCheck(hosts)
  const shared = new Set(origins)
  return (request, reply, done) => {
    const { host, origin } = request.headers
    if (isOwn && host && !isOwn(host) && isLocal?.(request.raw.socket) !== true)
      return done(dispatchError('WRONG_HOST', { host }))
    if (origin === undefined) return done()
    if (shared.has(origin)) {
      share(reply, origin)
      if (!isPreflight(request)) return done()
      reply.code(204).headers(preflightHeaders).send()
      return undefined
    }
    if (!readsOnly.has(request.method) && isForeign(request, origin))
      return done(dispatchError('FOREIGN_PAGE', { origin }))
    done()
  }
}
