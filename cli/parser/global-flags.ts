/** Owns the flags that every command takes. */
import type { FlagTable } from '../flag.ts'

export const globalFlags = {
  config: {
    kind: 'text',
    value: 'FILE',
    summary: 'config file (default $DISPATCH_CONFIG, else $HOME/.dispatch/config.json)',
  },
  host: { kind: 'text', value: 'HOST', fallback: 'localhost', summary: 'host of the server' },
  port: { kind: 'integer', value: 'PORT', fallback: '443', summary: 'port of the server' },
  scheme: { kind: 'text', value: 'SCHEME', completes: ['http', 'https'], fallback: 'https', summary: 'http or https' },
  socket: {
    kind: 'text',
    value: 'FILE',
    summary:
      'socket of a server on this machine instead of its host; none = never (default /run/dispatch/api.sock where it can be opened)',
  },
  organization: { kind: 'text', value: 'NAME', summary: 'organization to work in' },
  insecure: { kind: 'toggle', summary: 'accept any TLS certificate' },
  output: {
    kind: 'text',
    short: 'o',
    value: 'FORMAT',
    completes: ['json', 'yaml', 'name', 'wide', 'table'],
    summary: 'json or yaml instead of a table; name for names alone; wide for a table with more columns',
  },
  json: { kind: 'toggle', hidden: true, summary: 'the same as -o json' },
  token: { kind: 'text', value: 'TOKEN', summary: 'bearer token to authenticate with' },
  'service-account': {
    kind: 'text',
    value: 'NAME',
    completes: 'ServiceAccount',
    summary: 'service account to authenticate as; needs a key',
  },
  'jwt-private-key': { kind: 'text', value: 'FILE', summary: 'RSA private key (PEM) of the service account' },
  quiet: { kind: 'toggle', summary: 'print results and errors only: no lines about what was done, no notes' },
  'no-color': { kind: 'toggle', summary: 'no colours, as with NO_COLOR in the environment' },
  'request-timeout': {
    kind: 'duration',
    value: 'DURATION',
    summary: 'give up on a request after this time, 0 = never (default 30s; none for exec and logs)',
  },
  help: { kind: 'toggle', short: 'h', summary: 'help for this command' },
} as const satisfies FlagTable

export type GlobalFlags = typeof globalFlags
