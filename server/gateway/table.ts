/**
 * Finds the API that answers a request, in three steps: by its path, by its method alone, by its host alone. Of several in
 * one step the one with the more exact path, then host, then the first by organization and name. Pure.
 */
import type { ServedApi } from '../core/ports.ts'
import { createByHost, type Route } from './by-host.ts'
import { createPatterns, parsePattern, splitPath } from './patterns.ts'

export interface Asked {
  /** In lower case, without port. */
  host: string
  /** As sent, percent-encoded, without the query. */
  rawPath: string
  /** The whole of it decoded. */
  path: string
  method: string
}

export interface Match {
  api: ServedApi
  /** Text of each variable part of the path, by name. */
  params: Readonly<Record<string, string>>
}

export interface Table {
  find(asked: Asked): Match | undefined
  /** The API that has a certificate for the host, which is in lower case. */
  findSecured(host: string): ServedApi | undefined
}

type Accepts = (api: ServedApi) => boolean

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const inOrder = (a: ServedApi, b: ServedApi): number => compare(a.org, b.org) || compare(a.name, b.name)

/** OPTIONS is what a browser asks before it sends any other. */
const takes =
  (method: string): Accepts =>
  ({ methods }) =>
    methods.length === 0 || method === 'OPTIONS' || methods.includes(method)
const takesAny: Accepts = () => true
const noParams = Object.freeze({})

const matchOf = ({ api }: Route): Match => ({ api, params: noParams })

function placeOf<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const value = map.get(key) ?? create()
  map.set(key, value)
  return value
}

function createByPath() {
  const exact = new Map<string, ReturnType<typeof createByHost>>()
  const patterns = createPatterns(createByHost)
  return {
    add: (uri: string, api: ServedApi): void => {
      const pattern = parsePattern(uri)
      const place = pattern ? patterns.at(pattern) : placeOf(exact, uri, createByHost)
      place.add({ api, names: pattern?.names ?? [] })
    },
    find: ({ host, path, rawPath }: Asked, accepts: Accepts): Match | undefined => {
      const route = exact.get(path)?.find(host, accepts)
      if (route) return matchOf(route)
      if (patterns.isEmpty) return undefined
      // An encoded slash is part of its segment.
      return patterns.find(splitPath(rawPath).map(decodeURIComponent), (place, parts) => {
        const { api, names } = place.find(host, accepts) ?? {}
        if (!api || !names) return undefined
        const values = parts()
        return { api, params: Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])) }
      })
    },
  }
}

export function createTable(apis: readonly ServedApi[]): Table {
  const byPath = createByPath()
  const byMethod = new Map<string, ReturnType<typeof createByHost>>()
  const ofHosts = createByHost()
  const secured = createByHost()
  for (const api of apis.toSorted(inOrder)) {
    if (api.tls !== '' && api.hosts.length > 0) secured.add({ api, names: [] })
    for (const uri of api.uris) byPath.add(uri, api)
    if (api.uris.length > 0) continue
    const route = { api, names: [] }
    for (const method of api.methods) placeOf(byMethod, method, createByHost).add(route)
    if (api.hosts.length > 0) ofHosts.add(route)
  }
  return {
    findSecured: host => secured.find(host, takesAny)?.api,
    find: asked => {
      const { host, method } = asked
      const found = byPath.find(asked, takes(method))
      if (found) return found
      const route = byMethod.get(method)?.find(host, takesAny) ?? ofHosts.find(host, takes(method))
      return route && matchOf(route)
    },
  }
}
