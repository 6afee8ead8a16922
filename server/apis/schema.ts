/** APIs: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import { kind, name, status, strings, tags, uuid } from '../http/shapes.ts'

const flag = Type.Optional(Type.Boolean())
const text = Type.Optional(Type.String())

export const apiBody = Type.Object({
  function: Type.String(),
  hosts: strings,
  id: uuid,
  kind,
  methods: strings,
  name,
  protocols: strings,
  status,
  tags,
  uris: strings,
  authentication: text,
  cors: flag,
  enabled: flag,
  tls: text,
})
export type ApiBody = Static<typeof apiBody>

/** What an API says of itself; the gateway goes by it. An empty list restricts nothing. */
export interface ApiTerms {
  /** Name of a function of the same organization, which need not exist. */
  function: string
  /** Free text, which restricts nobody. */
  authentication: string
  enabled: boolean
  hosts: string[]
  /** Exact paths; without hosts they lie under the organization's own: `/ORG/...`. */
  uris: string[]
  /** In upper case. */
  methods: string[]
  /** A single one is the only one by which it is served. */
  protocols: string[]
  /** Free text, meant as the name of a secret with a certificate. */
  tls: string
  cors: boolean
}

export interface ApiEntity extends Entity {
  terms: ApiTerms
}

/** What a client got and sends back lies there already, and stays. */
const underOrg = (org: string, uri: string): string =>
  uri.startsWith(`/${org}/`) ? uri : `/${org}/${uri.replace(/^\//, '')}`

export function parseTerms(org: string, body: ApiBody): ApiTerms {
  const hosts = body.hosts ?? []
  const uris = body.uris ?? []
  return {
    function: body.function,
    authentication: body.authentication ?? '',
    enabled: body.enabled ?? false,
    hosts,
    uris: hosts.length > 0 ? uris : uris.map(uri => underOrg(org, uri)),
    methods: (body.methods ?? []).map(method => method.toUpperCase()),
    protocols: body.protocols ?? [],
    tls: body.tls ?? '',
    cors: body.cors ?? false,
  }
}

const listOrNull = (list: string[]): string[] | null => (list.length > 0 ? list : null)

/** Flags that are off and texts that are empty are left out; empty lists are null. */
export const renderApi = ({ id, name, status, tags, terms }: ApiEntity) => ({
  ...(terms.authentication !== '' && { authentication: terms.authentication }),
  ...(terms.cors && { cors: true }),
  ...(terms.enabled && { enabled: true }),
  function: terms.function,
  hosts: listOrNull(terms.hosts),
  id,
  kind: 'API',
  methods: listOrNull(terms.methods),
  name,
  protocols: listOrNull(terms.protocols),
  status,
  tags,
  ...(terms.tls !== '' && { tls: terms.tls }),
  uris: listOrNull(terms.uris),
})
