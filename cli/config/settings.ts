/** Owns the effective settings of a run: flag, else environment, else the config file's current context, else default. */

import { Failure, UsageError } from '../failure.ts'
import type { Flag, FlagKinds } from '../flag.ts'
import type { Parsed } from '../parser/flags.ts'
import { type GlobalFlags, globalFlags } from '../parser/global-flags.ts'
import { defaultValue, parseValue } from '../parser/values.ts'
import { pick, serverIn } from './contexts.ts'
import { emptyCookies, withCredentials } from './credentials.ts'
import type { ConfigObject } from './file.ts'

export type OutputFormat = 'table' | 'json' | 'yaml'
/** Of objects the names alone may be asked for, one a line. */
export type ObjectFormat = OutputFormat | 'name'

export interface Settings {
  readonly host: string
  readonly port: number
  readonly scheme: string
  readonly organization: string
  readonly insecure: boolean
  readonly output: ObjectFormat
  /** Tables with all that there is to say. */
  readonly isWide: boolean
  readonly token: string
  readonly serviceAccount: string
  readonly jwtPrivateKey: string
  /** Where that file is named, for who did not name it just now; '' for who did. */
  readonly jwtPrivateKeyOrigin: string
  readonly cookie: string
  /** Where the host is named, for who did not name it just now; '' for who did, and for nobody. */
  readonly hostOrigin: string
  /** It is another server than the context's, whose credentials do not go there. */
  readonly isElsewhere: boolean
  /** The way to the server, instead of host and port; undefined: there is none. */
  readonly socket: LocalSocket | undefined
  /** Where the gateway serves each protocol. */
  readonly apiPorts: Readonly<Record<string, number>>
  readonly noColor: boolean
  /** undefined = nobody asked for a limit or for none. */
  readonly requestTimeoutMs: number | undefined
}

export interface LocalSocket {
  readonly path: string
  /** Nobody named it: it counts where it can be opened. */
  readonly isDefault: boolean
}

export interface Sources {
  readonly parsed: Parsed
  readonly env: Readonly<Record<string, string | undefined>>
  readonly context: ConfigObject
  readonly contextName?: string
  /** Where a server on this machine has its socket. */
  readonly socketPath: string
}

type Name = keyof GlobalFlags
export const variableOf = (name: Name) => `DISPATCH_${name.toUpperCase().replaceAll('-', '_')}`
export const keyOf = (name: Name) => (name === 'request-timeout' ? name : name.replaceAll('-', ''))

/** Keys of a context that neither a flag nor a variable sets. */
export const fileOnlyKeys = {
  cookie: 'value of the `Cookie` header that is sent without other credentials; `unset` without it',
  'api-http-port': 'port of the gateway in the addresses that `get api` shows; 8081 without it',
  'api-https-port': 'the same for `https`; 8444 without it',
  namespace: 'without effect; kept for older files',
}

function read(flag: Flag, text: string, origin: string): FlagKinds[keyof FlagKinds] {
  try {
    return parseValue(flag, text, undefined)
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown
    throw new Failure(`invalid value ${JSON.stringify(text)} of ${origin}: ${thrown.message}`)
  }
}

/** The strongest of them counts. */
const strengths = { default: 0, context: 1, environment: 2, flag: 3 }

/** An empty environment variable counts as unset. */
function originOf({ parsed, env, context }: Sources, name: Name): keyof typeof strengths {
  if (parsed.given.has(name)) return 'flag'
  if (env[variableOf(name)]) return 'environment'
  const stored = pick(context, keyOf(name))
  return stored === undefined || stored === null || stored === '' ? 'default' : 'context'
}

function effective(sources: Sources, name: Name): FlagKinds[keyof FlagKinds] {
  const flag: Flag = globalFlags[name]
  switch (originOf(sources, name)) {
    case 'flag':
      return sources.parsed.values[name] ?? defaultValue(flag)
    case 'environment':
      return read(flag, sources.env[variableOf(name)] ?? '', variableOf(name))
    case 'context':
      return read(flag, String(pick(sources.context, keyOf(name))), `${keyOf(name)} in the config file`)
    case 'default':
      return defaultValue(flag)
  }
}

const cookieOf = ({ context }: Sources): string => String(pick(context, 'cookie') ?? '')

function describeOrigin(sources: Sources, name: Name): string {
  const origin = originOf(sources, name)
  if (origin === 'environment') return variableOf(name)
  return origin === 'context' ? `${keyOf(name)} of the context ${sources.contextName ?? ''} in the config file` : ''
}

const saysWho = (sources: Sources): boolean =>
  (['token', 'service-account'] as const).some(name => effective(sources, name) !== '') ||
  !emptyCookies.includes(cookieOf(sources))

/**
 * Whoever says where the server is, or who asks, means a server somewhere; anybody else means this machine's own. A port
 * or a scheme in a context without a host says nothing: the original's appliances have those.
 */
function resolveSocket(sources: Sources): LocalSocket | undefined {
  const strengthOf = (name: Name) => strengths[originOf(sources, name)]
  const named = strengthOf('socket')
  const isGiven = (name: Name) => strengthOf(name) > strengths.context
  const elsewhere = Math.max(strengthOf('host'), ...(['port', 'scheme'] as const).filter(isGiven).map(strengthOf))
  if (named > 0 && named >= elsewhere) {
    const path = String(effective(sources, 'socket'))
    return path === 'none' ? undefined : { path, isDefault: false }
  }
  return elsewhere > 0 || saysWho(sources) ? undefined : { path: sources.socketPath, isDefault: true }
}

function parseOutput(sources: Sources): ObjectFormat {
  if (effective(sources, 'json') === true) return 'json'
  const output = effective(sources, 'output')
  if (output === '' || output === 'table' || output === 'wide') return 'table'
  if (output === 'json' || output === 'yaml' || output === 'name') return output
  throw new Failure('invalid format option [yaml|json]')
}

/** Of commands that show no objects. Throws Failure where the names of objects are asked for. */
export function formatWithoutNames({ output }: Pick<Settings, 'output'>): OutputFormat {
  if (output === 'name')
    throw new Failure('-o name prints the names of objects, of which this command has none: use -o table, json or yaml')
  return output
}

/** Only the config file has it; 0 counts as absent. */
function apiPort({ context }: Sources, protocol: string): number | undefined {
  const port = Number(pick(context, `api-${protocol}-port`))
  return port > 0 ? port : undefined
}

function isElsewhere(sources: Sources): boolean {
  const own = serverIn(sources.context)
  const differs = (name: 'host' | 'port' | 'scheme') => String(effective(sources, name)) !== String(own?.[name])
  return own !== undefined && (['host', 'port', 'scheme'] as const).some(differs)
}

/** Known before the config file is read, whose reading may be worth a note. */
export const resolveQuiet = (sources: Pick<Sources, 'parsed' | 'env'>): boolean =>
  effective({ ...sources, context: {}, socketPath: '' }, 'quiet') === true

/** Throws Failure that names the setting and where its bad value comes from. */
export function resolveSettings(given: Sources): Settings {
  const goesElsewhere = isElsewhere(given)
  const sources = goesElsewhere ? { ...given, context: withCredentials(given.context, {}) } : given
  const text = (name: Name) => String(effective(sources, name))
  const timeout = effective(sources, 'request-timeout')
  return {
    host: text('host'),
    port: Number(effective(sources, 'port')),
    scheme: text('scheme'),
    organization: text('organization'),
    insecure: effective(sources, 'insecure') === true,
    output: parseOutput(sources),
    isWide: effective(sources, 'output') === 'wide',
    token: text('token'),
    serviceAccount: text('service-account'),
    jwtPrivateKey: text('jwt-private-key'),
    jwtPrivateKeyOrigin: describeOrigin(sources, 'jwt-private-key'),
    cookie: cookieOf(sources),
    hostOrigin: describeOrigin(sources, 'host'),
    isElsewhere: goesElsewhere,
    socket: resolveSocket(sources),
    apiPorts: { http: apiPort(sources, 'http') ?? 8081, https: apiPort(sources, 'https') ?? 8444 },
    noColor: effective(sources, 'no-color') === true,
    requestTimeoutMs: typeof timeout === 'number' ? timeout : undefined,
  }
}
