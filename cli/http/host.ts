/** Owns how a host, and a server, stand in a URL. */

/** An IPv6 address needs brackets; a name and what has them already does not. */
export const renderHost = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host)

/** As it is connected to: without the brackets of a URL. */
export const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '')

/** Stands in URLs for the socket of a server on this machine. */
export const localOrigin = 'http://dispatch.localhost'

/** As it stands in a URL. */
export const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || /^127\./.test(host)

export interface Server {
  readonly scheme: string
  readonly host: string
  readonly port: number
}

const usualPorts: Readonly<Record<string, number>> = { http: 80, https: 443 }

/** What every address of the server begins with. */
export const originOf = ({ scheme, host, port }: Server): string =>
  `${scheme}://${renderHost(host)}${usualPorts[scheme] === port ? '' : `:${port}`}`

/** Undefined: it is no address of a server. Without a scheme it is one over TLS. */
export function parseServer(text: string, usualScheme = 'https'): Server | undefined {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `${usualScheme}://${text}`)
  const scheme = url?.protocol.slice(0, -1) ?? ''
  const usualPort = usualPorts[scheme]
  if (url === null || usualPort === undefined || url.hostname === '') return undefined
  if (!['', '/'].includes(url.pathname) || url.search + url.hash + url.username + url.password !== '') return undefined
  return { scheme, host: bareHost(url.hostname), port: url.port === '' ? usualPort : Number(url.port) }
}
