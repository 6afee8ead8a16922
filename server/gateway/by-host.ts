/** Routes by the hosts of their APIs: the request's own host first, then a wildcard above it, then those of any host. Pure. */
import type { ServedApi } from '../core/ports.ts'

export interface Route {
  api: ServedApi
  /** Names of the path's variable parts, in their order. */
  names: readonly string[]
}

export interface ByHost {
  /** The first one that was added comes first among those of one host. */
  add(route: Route): void
  /** The first that accepts; `host` in lower case. */
  find(host: string, accepts: (api: ServedApi) => boolean): Route | undefined
}

/** `*` stands for one label, as in certificates. */
const wildcardOf = (host: string): string => host.replace(/^[^.]+(?=\.)/, '*')

export function createByHost(): ByHost {
  const named = new Map<string, Route[]>()
  const ofAny: Route[] = []
  const routesOf = (host: string): Route[] => {
    const known = named.get(host) ?? []
    named.set(host, known)
    return known
  }
  return {
    add: route => {
      const hosts = route.api.hosts.map(host => routesOf(host.toLowerCase()))
      for (const routes of hosts.length > 0 ? hosts : [ofAny]) routes.push(route)
    },
    find: (host, accepts) => {
      const accepted = ({ api }: Route): boolean => accepts(api)
      if (named.size === 0) return ofAny.find(accepted)
      return named.get(host)?.find(accepted) ?? named.get(wildcardOf(host))?.find(accepted) ?? ofAny.find(accepted)
    },
  }
}
