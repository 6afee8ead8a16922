/** Owns what of a context lets one in: it is exchanged as a whole, and nothing else is touched. Pure. */
import type { Server } from '../http/host.ts'
import type { NamedContext } from './contexts.ts'
import { currentName, findContext, listContexts, pick, serverIn, withContext, withCurrent } from './contexts.ts'
import type { ConfigObject } from './file.ts'

/** What a new context is made of. */
interface Place extends Server {
  readonly organization: string
  readonly insecure: boolean
}

export interface Credentials {
  readonly cookie?: string
  readonly token?: string
  readonly serviceaccount?: string
  readonly jwtprivatekey?: string
}

const keys = ['cookie', 'token', 'serviceaccount', 'jwtprivatekey']
const defaultOrganization = 'dispatch'

/** Cookies that say nothing about anybody. */
export const emptyCookies: readonly string[] = ['', 'unset', 'cookie']

export const holdsCredentials = (values: ConfigObject): boolean =>
  keys.some(key => !emptyCookies.includes(String(pick(values, key) ?? '')))

export function withCredentials(values: ConfigObject, credentials: Credentials): ConfigObject {
  const others = Object.entries(values).filter(([key]) => !keys.includes(key.toLowerCase()))
  return { ...Object.fromEntries(others), cookie: '', ...credentials }
}

export const findCurrent = (content: ConfigObject): NamedContext | undefined =>
  findContext(content, currentName(content))

/** The context that leads there; of several the current one. */
export function findServer(content: ConfigObject, { scheme, host, port }: Server): NamedContext | undefined {
  const leadsThere = ({ values }: NamedContext): boolean => {
    const own = serverIn(values)
    return own?.host === host && own.port === port && own.scheme === scheme
  }
  return [findCurrent(content) ?? [], listContexts(content)].flat().find(leadsThere)
}

/** Named after the host; with the port where that name leads elsewhere already. */
function createContext(content: ConfigObject, { host, port, scheme, organization, insecure }: Place): NamedContext {
  const name = host.toLowerCase().replaceAll(/[.:]/g, '-')
  const values = { host, port, scheme, organization: organization || defaultOrganization, insecure }
  return { name: findContext(content, name) ? `${name}-${port}` : name, values }
}

/** The config file with the credentials in its current context, or in that of the server, which becomes the current one. */
export function withLogin(
  content: ConfigObject,
  settings: Place,
  { server, ...credentials }: Credentials & { server?: Server | undefined },
): ConfigObject {
  const present = server ? findServer(content, server) : findCurrent(content)
  const { name, values } = present ?? createContext(content, settings)
  return withCurrent(withContext(content, { name, values: withCredentials(values, credentials) }), name)
}
