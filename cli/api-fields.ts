/** Owns what the flags of `create api` and `update api` say, and the fields of an API that they become. */
import { applicationFlag, type FlagTable, type FlagValues } from './flag.ts'
import { type JsonObject, numberOf } from './format/json.ts'

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
  auth: { kind: 'text', value: 'KIND', fallback: 'public', summary: 'how callers authenticate' },
} as const satisfies FlagTable

export type ApiFlags = FlagValues<typeof apiFlags>

export const protocolsOf = (flags: ApiFlags): string[] => (flags['https-only'] ? ['https'] : ['http', 'https'])

/** What the server leaves out when it is not said; null: back to that. */
export const additionsOf = (flags: ApiFlags) =>
  ({
    response: flags.response === '' ? null : flags.response,
    'max-body': flags['max-body'] === 0n ? null : numberOf(String(flags['max-body'])),
    timeout: flags.timeout === 0n ? null : numberOf(String(flags.timeout)),
  }) as const

/** Of `additionsOf`, by the names that fields have; only what is said. */
export function saidAdditions(flags: ApiFlags): JsonObject {
  const { response, 'max-body': maxBodyBytes, timeout } = additionsOf(flags)
  return Object.fromEntries(Object.entries({ response, maxBodyBytes, timeout }).filter(([, value]) => value !== null))
}
