/** Owns what the flags of `create api` and `update api` say, and the fields of an API that they become. */
import { UsageError } from './failure.ts'
import { applicationFlag, type FlagTable, type FlagValues } from './flag.ts'
import { type Json, type JsonObject, numberOf, objectOf, textOf } from './format/json.ts'

export const apiFlags = {
  ...applicationFlag,
  domain: {
    kind: 'names',
    short: 'd',
    value: 'HOSTS',
    summary: 'hosts that it answers for, e.g. shop.example.com or *.example.com; without, any host',
  },
  path: {
    kind: 'names',
    short: 'p',
    value: 'PATHS',
    fallback: '/',
    summary: 'paths that it answers at, below the organization unless it has hosts; e.g. /users/{id} or /static/*',
  },
  method: {
    kind: 'names',
    short: 'm',
    value: 'METHODS',
    fallback: 'GET',
    summary: 'methods that it answers to; repeatable or comma-separated',
  },
  'https-only': { kind: 'toggle', summary: 'refuse plain HTTP' },
  disable: { kind: 'toggle', summary: 'keep it switched off' },
  cors: { kind: 'toggle', summary: 'let pages of other origins call it' },
  response: {
    kind: 'text',
    value: 'FORM',
    completes: ['raw', 'stream', 'events'],
    summary:
      'what the output becomes: "raw", it says status, headers and body; "stream"; "events", server-sent ones; without, JSON',
  },
  'max-body': {
    kind: 'integer',
    value: 'BYTES',
    summary: 'largest body of a request; without, what the server accepts',
  },
  timeout: {
    kind: 'integer',
    value: 'MS',
    summary: 'milliseconds that a call may take; without, what its function may',
  },
  tls: {
    kind: 'text',
    value: 'SECRET',
    completes: 'Secret',
    summary: 'secret with the certificate for its hosts: values certificate and key',
  },
  auth: {
    kind: 'text',
    value: 'KIND',
    fallback: 'public',
    completes: ['public', 'basic', 'bearer', 'oidc'],
    summary:
      'who may call it: "public", anybody; "basic" or "bearer", who is in the secret; "oidc", whom the issuer knows',
  },
  'auth-secret': {
    kind: 'text',
    value: 'SECRET',
    completes: 'Secret',
    summary: 'secret with users and their passwords (basic), or with tokens (bearer)',
  },
  'auth-issuer': { kind: 'text', value: 'URL', summary: 'whose tokens are accepted (oidc)' },
  'auth-audience': { kind: 'text', value: 'TEXT', summary: 'whom these tokens must be for (oidc)' },
  'rate-limit': {
    kind: 'text',
    value: 'N/SECONDS',
    summary: 'requests that each client may make in so many seconds, e.g. 100/60; 100/60/20: 20 at once at most',
  },
} as const satisfies FlagTable

export type ApiFlags = FlagValues<typeof apiFlags>

export const protocolsOf = (flags: ApiFlags): string[] => (flags['https-only'] ? ['https'] : ['http', 'https'])

const textOrNull = (text: string): Json => (text === '' ? null : text)
const countOrNull = (count: bigint): Json => (count === 0n ? null : numberOf(String(count)))

/** Of what is held, that stays which is not given. */
function planOidc(flags: ApiFlags, held: JsonObject): Json {
  const issuer = flags['auth-issuer'] || textOf(held.issuer)
  const audience = flags['auth-audience'] || textOf(held.audience)
  return issuer || audience ? { ...(audience && { audience }), ...(issuer && { issuer }) } : null
}

const rateLimit = /^(\d{1,9})(?:\/(\d{1,9})(?:\/(\d{1,9}))?)?$/

function parseRateLimit(text: string): Json {
  if (text === '') return null
  const [, requests, perSeconds, burst] = rateLimit.exec(text) ?? []
  if (requests === undefined)
    throw new UsageError(
      `--rate-limit is REQUESTS, REQUESTS/SECONDS or REQUESTS/SECONDS/BURST, e.g. 100/60, not "${text}"`,
    )
  return {
    ...(burst !== undefined && { burst: numberOf(burst) }),
    ...(perSeconds !== undefined && { perSeconds: numberOf(perSeconds) }),
    requests: numberOf(requests),
  }
}

/** The fields that flags decide which the original does not have; null: back to what the server does without. */
export const planAdditions = (flags: ApiFlags, held: JsonObject = {}): Readonly<Record<string, JsonObject>> => {
  const oidc = planOidc(flags, objectOf(held.oidc))
  return {
    response: { response: textOrNull(flags.response) },
    'max-body': { maxBodyBytes: countOrNull(flags['max-body']) },
    timeout: { timeout: countOrNull(flags.timeout) },
    'auth-secret': { authenticationSecret: textOrNull(flags['auth-secret']) },
    'auth-issuer': { oidc },
    'auth-audience': { oidc },
    'rate-limit': { rateLimit: parseRateLimit(flags['rate-limit']) },
  }
}

/** Only what is said. */
export const saidAdditions = (flags: ApiFlags): JsonObject =>
  Object.fromEntries(
    Object.values(planAdditions(flags))
      .flatMap(fields => Object.entries(fields))
      .filter(([, value]) => value !== null),
  )
