/** Owns where an answer leads: what is asked next, and what goes along. */
import type { IncomingMessage } from 'node:http'
import { type ExchangeOptions, exchange, type HttpRequest, readBody } from './exchange.ts'

const maxRedirects = 10
const redirects = new Set([301, 302, 303, 307, 308])
const credentials = ['authorization', 'cookie']

/** A redirected POST becomes a GET, except by 307 and 308; credentials do not follow to another origin. */
function follow(call: HttpRequest, status: number, location: string): HttpRequest {
  const url = new URL(location, call.url)
  const kept = Object.entries(call.headers).filter(
    ([name]) => url.origin === new URL(call.url).origin || !credentials.includes(name.toLowerCase()),
  )
  const keepsMethod = status === 307 || status === 308 || call.method === 'GET'
  if (keepsMethod) return { ...call, url: url.href, headers: Object.fromEntries(kept) }
  const plain = kept.filter(([name]) => name.toLowerCase() !== 'content-type')
  return { method: 'GET', url: url.href, headers: Object.fromEntries(plain) }
}

/** The answer at the end of all redirects. */
export async function arrive(first: HttpRequest, options: ExchangeOptions): Promise<IncomingMessage> {
  let call = first
  for (let hops = 0; hops <= maxRedirects; hops += 1) {
    const answer = await exchange(call, options)
    const status = answer.statusCode ?? 0
    const location = answer.headers.location
    if (first.stays || !redirects.has(status) || location === undefined) return answer
    await readBody(answer)
    call = follow(call, status, location)
  }
  throw new Error(`stopped after ${maxRedirects} redirects`)
}
