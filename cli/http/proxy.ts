/** Owns the proxy variables: which proxy a URL goes through, and the tunnel through it for TLS. */
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { isLoopback } from './host.ts'

type Env = Readonly<Record<string, string | undefined>>

/** `NO_PROXY` entries are hosts, domains (with their subdomains), `host:port`, or `*`. */
function isExempt(url: URL, exemptions: string): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return exemptions
    .split(',')
    .map(entry => entry.trim().toLowerCase())
    .filter(Boolean)
    .some(entry => {
      const [, name = '', entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
      if (entryPort !== undefined && entryPort !== port) return false
      const domain = name.replace(/^\*?\./, '')
      return name === '*' || url.hostname === domain || url.hostname.endsWith(`.${domain}`)
    })
}

/** Loopback hosts are always reached directly. */
export function chooseProxy(url: URL, env: Env): URL | undefined {
  const variable = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const proxy = env[variable] || env[variable.toLowerCase()]
  if (!proxy || isLoopback(url.hostname)) return undefined
  if (isExempt(url, env.NO_PROXY || env.no_proxy || '')) return undefined
  return new URL(proxy.includes('://') ? proxy : `http://${proxy}`)
}

export function proxyHeaders(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {}
  const userinfo = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
  return { 'Proxy-Authorization': `Basic ${Buffer.from(userinfo).toString('base64')}` }
}

/** What went wrong on the way to or behind the proxy, which the server has no part in. */
export const throughProxy = (proxy: URL, thrown: Error): Error =>
  new Error(`proxy ${proxy.host}: ${thrown.message}; see HTTPS_PROXY, HTTP_PROXY and NO_PROXY`, { cause: thrown })

/** The signal ends the opening only; the socket belongs to the caller. */
export function openTunnel(proxy: URL, target: URL, signal: AbortSignal): Promise<Socket> {
  const authority = `${target.hostname}:${target.port || '443'}`
  return new Promise((resolve, reject) => {
    const outgoing = request({
      method: 'CONNECT',
      hostname: proxy.hostname,
      port: proxy.port || '80',
      path: authority,
      headers: { Host: authority, ...proxyHeaders(proxy) },
      signal,
    })
    outgoing.on('connect', (answer: IncomingMessage, socket: Socket) => {
      if (answer.statusCode === 200) return resolve(socket)
      socket.destroy()
      reject(new Error(`proxy ${proxy.host} refused the tunnel to ${authority}: HTTP ${answer.statusCode}`))
    })
    outgoing.on('error', thrown => reject(throughProxy(proxy, thrown)))
    outgoing.end()
  })
}
