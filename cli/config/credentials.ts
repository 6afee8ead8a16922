/** Owns what of a context lets one in: it is exchanged as a whole, and nothing else is touched. Pure. */
import type { NamedContext } from './contexts.ts'
import { currentName, findContext, withContext, withCurrent } from './contexts.ts'
import type { ConfigObject } from './file.ts'
import type { Settings } from './settings.ts'

export interface Credentials {
  readonly cookie?: string
  readonly token?: string
  readonly serviceaccount?: string
  readonly jwtprivatekey?: string
}

const keys = ['cookie', 'token', 'serviceaccount', 'jwtprivatekey']

export function withCredentials(values: ConfigObject, credentials: Credentials): ConfigObject {
  const others = Object.entries(values).filter(([key]) => !keys.includes(key.toLowerCase()))
  return { ...Object.fromEntries(others), cookie: '', ...credentials }
}

export const findCurrent = (content: ConfigObject): NamedContext | undefined =>
  findContext(content, currentName(content))

/** Named after the host, where there is no current context yet. */
function createContext({ host, port, scheme, organization, insecure }: Settings): NamedContext {
  const name = host.toLowerCase().replaceAll('.', '-')
  return { name, values: { host, port, scheme, organization, insecure } }
}

/** The config file with the credentials in its current context. */
export function withLogin(content: ConfigObject, settings: Settings, credentials: Credentials): ConfigObject {
  const { name, values } = findCurrent(content) ?? createContext(settings)
  return withCurrent(withContext(content, { name, values: withCredentials(values, credentials) }), name)
}
