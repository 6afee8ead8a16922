/** Owns the effective settings of a run: flag, else environment, else the config file's current context, else default. */

import { Failure, UsageError } from '../failure.ts'
import type { Flag, FlagKinds } from '../flag.ts'
import type { Parsed } from '../parser/flags.ts'
import { type GlobalFlags, globalFlags } from '../parser/global-flags.ts'
import { defaultValue, parseValue } from '../parser/values.ts'
import { pick } from './contexts.ts'
import type { ConfigObject } from './file.ts'

export type OutputFormat = 'table' | 'json' | 'yaml'

export interface Settings {
  readonly host: string
  readonly port: number
  readonly scheme: string
  readonly organization: string
  readonly insecure: boolean
  readonly output: OutputFormat
  /** Tables with all that there is to say. */
  readonly isWide: boolean
  readonly token: string
  readonly serviceAccount: string
  readonly jwtPrivateKey: string
  readonly cookie: string
  /** Where the gateway serves each protocol. */
  readonly apiPorts: Readonly<Record<string, number>>
  readonly noColor: boolean
  /** undefined = nobody asked for a limit or for none. */
  readonly requestTimeoutMs: number | undefined
}

export interface Sources {
  readonly parsed: Parsed
  readonly env: Readonly<Record<string, string | undefined>>
  readonly context: ConfigObject
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

/** An empty environment variable counts as unset. */
function effective(sources: Sources, name: Name): FlagKinds[keyof FlagKinds] {
  const flag: Flag = globalFlags[name]
  if (sources.parsed.given.has(name)) return sources.parsed.values[name] ?? defaultValue(flag)
  const variable = sources.env[variableOf(name)]
  if (variable) return read(flag, variable, variableOf(name))
  const stored = pick(sources.context, keyOf(name))
  if (stored !== undefined && stored !== null && stored !== '')
    return read(flag, String(stored), `${keyOf(name)} in the config file`)
  return defaultValue(flag)
}

function parseOutput(sources: Sources): OutputFormat {
  if (effective(sources, 'json') === true) return 'json'
  const output = effective(sources, 'output')
  if (output === '' || output === 'wide') return 'table'
  if (output === 'json' || output === 'yaml') return output
  throw new Failure('invalid format option [yaml|json]')
}

/** Only the config file has it; 0 counts as absent. */
function apiPort({ context }: Sources, protocol: string): number | undefined {
  const port = Number(pick(context, `api-${protocol}-port`))
  return port > 0 ? port : undefined
}
/** Known before the config file is read, whose reading may be worth a note. */
export const resolveQuiet = (sources: Omit<Sources, 'context'>): boolean =>
  effective({ ...sources, context: {} }, 'quiet') === true

/** Throws Failure that names the setting and where its bad value comes from. */
export function resolveSettings(sources: Sources): Settings {
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
    cookie: String(pick(sources.context, 'cookie') ?? ''),
    apiPorts: { http: apiPort(sources, 'http') ?? 8081, https: apiPort(sources, 'https') ?? 8444 },
    noColor: effective(sources, 'no-color') === true,
    requestTimeoutMs: typeof timeout === 'number' ? timeout : undefined,
  }
}
