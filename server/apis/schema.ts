/** APIs: what clients send, what is stored, and what they get back. */
import { type Static, Type } from '@sinclair/typebox'
import type { Entity } from '../core/entity.ts'
import { type ApiResponse, type ApiRules, apiResponses, type RateLimit } from '../core/ports.ts'
import { flag, kind, name, shown, shownKind, status, strings, stringsOrNull, tags, text, uuid } from '../http/shapes.ts'

const says = {
  function: 'Name of the function that answers, which need not exist yet',
  hosts: 'Host names, without port; *.example.com stands for all names one level below; none: any',
  methods: 'HTTP methods; none: any',
  protocols: 'http, https; with a single one it is served by that alone',
  authentication:
    'Who may call it: "public" or left out, anybody; "basic" and "bearer", who is in authenticationSecret; "oidc" or "oauth2", who has a token of the issuer in oidc. Any other text restricts nobody',
  authenticationSecret:
    'Name of a secret. For "basic" its keys are users and its values their passwords, for "bearer" each value is a token',
  oidc: 'Whose tokens are accepted',
  rateLimit: 'How many requests each client may make: each user of an API that authenticates, else each address',
  cors: 'Whether browsers may call it from other origins',
  enabled: 'Whether it is served at all; left out: it is not',
  tls: 'Name of a secret whose values certificate and key, PEM texts, are shown to clients that ask for one of its hosts over TLS',
  response:
    'How the output is answered: "raw", it says statusCode, headers, cookies and body; "stream", each piece as it comes; "events", each as a server-sent event; left out: as JSON',
  maxBodyBytes: 'Largest body of a request; left out: what the server accepts',
  timeout: 'Milliseconds that a call may take that its client waits for; left out: what the function may take',
}

const positive = (maximum: number, description: string) => Type.Integer({ minimum: 1, maximum, description })

const oidc = Type.Object(
  {
    audience: Type.String({ minLength: 1, description: 'What stands in "aud" of its tokens' }),
    issuer: Type.String({
      pattern: '^(https://|http://(localhost|127(\\.\\d+){3}|\\[::1\\])[:/]).+$',
      description: 'https URL below which /.well-known/openid-configuration is; http on this machine alone',
    }),
  },
  { description: says.oidc },
)

const rateLimit = Type.Object(
  {
    burst: Type.Optional(positive(1_000_000, 'At once, after a pause; left out: as many as "requests"')),
    perSeconds: Type.Optional(positive(86_400, 'Seconds for that many requests; left out: 1')),
    requests: positive(1_000_000, 'Requests in so many seconds, in the long run'),
  },
  { description: says.rateLimit },
)

/** What an API may say beside what the original knows; absent where it does not. */
const ofOurs = {
  response: Type.Optional(
    Type.Unsafe<ApiResponse>({ type: 'string', enum: [...apiResponses], description: says.response }),
  ),
  maxBodyBytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 40, description: says.maxBodyBytes })),
  timeout: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 40, description: says.timeout })),
  authenticationSecret: text(says.authenticationSecret),
  oidc: Type.Optional(oidc),
  rateLimit: Type.Optional(rateLimit),
}

export const apiBody = Type.Object(
  {
    function: Type.String({ description: says.function }),
    hosts: strings(says.hosts),
    id: uuid,
    kind,
    methods: strings(says.methods),
    name,
    protocols: strings(says.protocols),
    status,
    tags,
    uris: strings(
      'Exact paths, or patterns: {name} stands for one part of a path, a last part * for all that follows; without hosts they are put under /ORGANIZATION/',
    ),
    authentication: text(says.authentication),
    cors: flag(says.cors),
    enabled: flag(says.enabled),
    ...ofOurs,
    tls: text(says.tls),
  },
  {
    title: 'APIBody',
    examples: [{ name: 'hello-api', function: 'hello', enabled: true, uris: ['/hello'], methods: ['GET'] }],
  },
)
export type ApiBody = Static<typeof apiBody>

export const shownApi = Type.Object(
  {
    function: Type.String({ description: says.function }),
    hosts: stringsOrNull(says.hosts),
    id: shown.id,
    kind: shownKind('API'),
    methods: stringsOrNull('HTTP methods in upper case; none: any'),
    name: shown.name,
    protocols: stringsOrNull(says.protocols),
    status: shown.status,
    tags: shown.tags,
    uris: stringsOrNull('Paths and patterns, as they are served'),
    authentication: text(says.authentication),
    cors: flag(says.cors),
    enabled: flag(says.enabled),
    ...ofOurs,
    tls: text(says.tls),
  },
  { title: 'API' },
)

/** What an API says of itself; the gateway goes by it. */
export interface ApiTerms extends ApiRules {
  /** Name of a function of the same organization, which need not exist. */
  function: string
  /** Any text; see authentication.ts. */
  authentication: string
  authenticationSecret?: string
  oidc?: Static<typeof oidc>
  enabled: boolean
}

export interface ApiEntity extends Entity {
  terms: ApiTerms
}

/** What a client got and sends back lies there already, and stays. */
const underOrg = (org: string, uri: string): string =>
  uri.startsWith(`/${org}/`) ? uri : `/${org}/${uri.replace(/^\//, '')}`

const parseRateLimit = ({ requests, perSeconds = 1, burst = requests }: Static<typeof rateLimit>): RateLimit => ({
  ...{ requests, perSeconds, burst },
})

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
    ...(body.response && { response: body.response }),
    ...(body.maxBodyBytes !== undefined && { maxBodyBytes: body.maxBodyBytes }),
    ...(body.timeout !== undefined && { timeoutMs: body.timeout }),
    ...(body.authenticationSecret && { authenticationSecret: body.authenticationSecret }),
    ...(body.oidc && { oidc: { issuer: body.oidc.issuer, audience: body.oidc.audience } }),
    ...(body.rateLimit && { rateLimit: parseRateLimit(body.rateLimit) }),
  }
}

const listOrNull = (list: string[]): string[] | null => (list.length > 0 ? list : null)

/** Flags that are off and texts that are empty are left out; empty lists are null. */
export const renderApi = ({ id, name, status, tags, terms }: ApiEntity): Static<typeof shownApi> => ({
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
  ...(terms.response && { response: terms.response }),
  ...(terms.maxBodyBytes !== undefined && { maxBodyBytes: terms.maxBodyBytes }),
  ...(terms.timeoutMs !== undefined && { timeout: terms.timeoutMs }),
  ...(terms.authenticationSecret && { authenticationSecret: terms.authenticationSecret }),
  ...(terms.oidc && { oidc: terms.oidc }),
  ...(terms.rateLimit && { rateLimit: terms.rateLimit }),
  status,
  tags,
  ...(terms.tls !== '' && { tls: terms.tls }),
  uris: listOrNull(terms.uris),
})
