/** The server's configuration: default, then file, then environment, then flag; the strongest that says something wins. */
import type { BlockList } from 'node:net'
import { basename, dirname, join, resolve } from 'node:path'
import { explainAuth, parseAuth, planAuth } from './config/auth.ts'
import { type BuildConfig, parseBuilds } from './config/builds.ts'
import { ConfigError } from './config/error.ts'
import { keys, type Values } from './config/keys.ts'
import { type OidcConfig, parseOidc } from './config/oidc.ts'
import { parseOrigins } from './config/origins.ts'
import { type Ports, parsePorts } from './config/ports.ts'
import { parseProxies } from './config/proxies.ts'
import { parseSocket, type SocketPlace } from './config/socket.ts'
import {
  type Environment,
  findMisspelt,
  parseFlags,
  readConfigFile,
  readEnvironment,
  type Settings,
} from './config/sources.ts'
import { renderConfig, renderHelp } from './config/text.ts'
import { parseDurationMs, parseValue } from './config/values.ts'
import type { AuthMode } from './core/access.ts'
import { type EngineLimits, mebibyte } from './engine/options.ts'
import { planSizes } from './engine/sizes.ts'
import type { PullLimits } from './images/pull.ts'

/** What functions may use, alone and together. */
type FunctionLimits = Pick<
  EngineLimits,
  | 'memoryBytes'
  | 'diskBytes'
  | 'cpus'
  | 'concurrency'
  | 'maxPooled'
  | 'maxWorkers'
  | 'maxWaiting'
  | 'maxWaitingInAll'
  | 'maxWaitingBytes'
  | 'waitMs'
  | 'workerIdleMs'
  | 'idleMs'
>

export interface Config extends Ports {
  readonly host: string
  readonly auth: AuthMode
  readonly authReason: string
  /** undefined: nobody's word on the address of a client counts. */
  readonly trustedProxies: BlockList | undefined
  /** Of other sites whose pages may use the API. */
  readonly corsOrigins: readonly string[]
  /** undefined: there is none. */
  readonly socket: SocketPlace | undefined
  /** undefined: users log in with passwords alone. */
  readonly oidc: OidcConfig | undefined
  /** Of the listener for event drivers. */
  readonly ingestPort: number
  /** host:port that event drivers send to; '' for the server's own listener. */
  readonly eventsGateway: string
  /** Absolute, as is `dataDir`. */
  readonly dbFile: string
  readonly dataDir: string
  /** Where the vault's keys are unless `secretKeyFile` says otherwise. Absolute. */
  readonly defaultKeyFile: string
  /** Absolute; '' when none was named. */
  readonly secretKeyFile: string
  /** Undefined: the binary that the server itself runs on. */
  readonly nodePath: string | undefined
  /** First part of the Docker references of images. */
  readonly imageRegistry: string
  readonly runtimeAliases: boolean
  readonly builds: BuildConfig
  readonly pullLimits: Readonly<PullLimits>
  readonly poolSize: number
  readonly functionLimits: Readonly<FunctionLimits>
  readonly resyncPeriodMs: number
  readonly drainTimeoutMs: number
  /** 0: no limit, as for the count of each function. */
  readonly runRetentionAgeMs: number
  readonly runRetentionCount: number
  readonly runQueueSize: number
  /** 0: no limit, as for the count of each organization. */
  readonly eventQueueSize: number
  readonly eventRetentionAgeMs: number
  readonly eventRetentionCount: number
  /** Of 1 MiB each. */
  readonly auditFiles: number
  readonly isDebug: boolean
}

export interface ConfigSources {
  /** Without the program itself. */
  argv: string[]
  env: Environment
  /** Throws when the file cannot be read. */
  readFile: (path: string) => string
  cwd: string
  version: string
  /** Of the machine. */
  memoryBytes: number
}

export type Loaded =
  | {
      mode: 'run'
      config: Config
      /** Key to source: `default`, `file <path>`, `environment <variable>` or `flag <flag>`. */
      origins: Readonly<Record<string, string>>
      /** Sentences on keys that were set and change nothing, and on variables that look misspelt; to be logged. */
      withoutEffect: readonly string[]
    }
  | { mode: 'help' | 'version' | 'print-config'; text: string }

/** Throws ConfigError for anything that the operator must change; reads nothing but its arguments. */
export function loadConfig({ argv, env, readFile, cwd, version, memoryBytes }: ConfigSources): Loaded {
  const { settings: flags, mode } = parseFlags(argv)
  if (mode === 'help') return { mode, text: renderHelp() }
  if (mode === 'version') return { mode, text: `dispatch-server ${version}\n` }
  const environment = readEnvironment(env)
  const path = (flags.get('config') ?? environment.get('config'))?.value
  const file: Settings = typeof path === 'string' && path ? readConfigFile(resolve(cwd, path), readFile) : new Map()
  const { values: given, origins } = merge(new Map([...file, ...environment, ...flags]), sizesOf(memoryBytes))
  const values = { ...given, auth: given.auth || planAuth(given.host) }
  const config = createConfig(values, cwd, origins)
  if (mode === 'print-config') return { mode, text: renderConfig(values, origins) }
  const withoutEffect = [...findWithoutEffect(values, origins), ...findMisspelt(env)]
  return { mode, config, origins: Object.freeze(origins), withoutEffect: Object.freeze(withoutEffect) }
}

/** The defaults that follow from the machine. */
function sizesOf(totalMemoryBytes: number): Map<string, number> {
  const { memoryBytes, maxPooled, maxWorkers, maxWaiting, maxWaitingInAll, maxWaitingBytes } =
    planSizes(totalMemoryBytes)
  return new Map([
    ['pool-total', maxPooled],
    ['function-memory', memoryBytes / mebibyte],
    ['max-workers', maxWorkers],
    ['queue-per-function', maxWaiting],
    ['queue-total', maxWaitingInAll],
    ['queue-memory', maxWaitingBytes / mebibyte],
  ])
}

function merge(settings: Settings, sizes: Map<string, number>): { values: Values; origins: Record<string, string> } {
  const parsed = keys.map(key => {
    const setting = settings.get(key.name)
    const value = setting ? parseValue(key, setting) : (sizes.get(key.name) ?? key.default)
    return { name: key.name, value, origin: setting?.origin }
  })
  return {
    // Each value was parsed by the schema of its key.
    values: Object.fromEntries(parsed.map(({ name, value }) => [name, value])) as Values,
    origins: Object.fromEntries(parsed.map(({ name, origin = 'default' }) => [name, origin])),
  }
}

function createConfig(values: Values, cwd: string, { auth: authOrigin = 'default' }: Record<string, string>): Config {
  checkBackend(values['db-backend'])
  const dbFile = resolve(cwd, values['db-file'])
  const dataDir = values['data-dir'] ? resolve(cwd, values['data-dir']) : join(dirname(dbFile), 'dispatch-data')
  return Object.freeze({
    ...parsePorts(values, cwd),
    host: values.host,
    auth: parseAuth(values),
    authReason: explainAuth(authOrigin, values.host),
    trustedProxies: parseProxies(values['trusted-proxies']),
    corsOrigins: Object.freeze(parseOrigins(values['cors-origins'])),
    socket: parseSocket(values.socket, cwd),
    oidc: parseOidc(values, cwd),
    ingestPort: values['ingest-port'],
    eventsGateway: values['events-gateway'],
    dbFile,
    dataDir,
    // Beside the database, where the server makes files of its own anyway.
    defaultKeyFile: join(dirname(dbFile), `${basename(dataDir)}.key`),
    secretKeyFile: values['secret-key-file'] && resolve(cwd, values['secret-key-file']),
    nodePath: values['node-path'] ? resolve(cwd, values['node-path']) : undefined,
    imageRegistry: values['image-registry'],
    runtimeAliases: values['runtime-aliases'],
    builds: parseBuilds(values, cwd),
    pullLimits: Object.freeze({
      timeoutMs: parseDurationMs(values['pull-timeout']) ?? 0,
      maxBytes: values['pull-size'] * mebibyte,
      diskBytes: values['image-disk'] * mebibyte,
    }),
    poolSize: values['pool-size'],
    functionLimits: Object.freeze({
      memoryBytes: values['function-memory'] * mebibyte,
      diskBytes: values['function-disk'] * mebibyte,
      cpus: values['function-cpus'],
      concurrency: values['function-concurrency'],
      maxPooled: values['pool-total'],
      maxWorkers: values['max-workers'],
      maxWaiting: values['queue-per-function'],
      maxWaitingInAll: values['queue-total'],
      maxWaitingBytes: values['queue-memory'] * mebibyte,
      waitMs: parseDurationMs(values['queue-timeout']) ?? 0,
      workerIdleMs: parseDurationMs(values['worker-idle']) ?? 0,
      idleMs: parseDurationMs(values['function-idle']) ?? 0,
    }),
    resyncPeriodMs: parseDurationMs(values['resync-period']) ?? 0,
    drainTimeoutMs: parseDurationMs(values['drain-timeout']) ?? 0,
    runRetentionAgeMs: Math.ceil(parseDurationMs(values['run-retention-age']) ?? 0),
    runRetentionCount: values['run-retention-count'],
    runQueueSize: values['run-queue-size'],
    eventQueueSize: values['event-queue-size'],
    eventRetentionAgeMs: Math.ceil(parseDurationMs(values['event-retention-age']) ?? 0),
    eventRetentionCount: values['event-retention-count'],
    auditFiles: values['audit-disk'],
    isDebug: values.debug,
  })
}

/** The first words are those of the original, which scripts may look for. */
function checkBackend(backend: string): void {
  if (backend === 'boltdb') return
  const advice =
    backend === 'postgres'
      ? 'this version keeps everything in its built-in SQLite store; leave db-backend out'
      : 'db-backend must be boltdb, which stands for the built-in SQLite store'
  throw new ConfigError(`error creating an entity store ${backend}: not supported; ${advice}`)
}

const findWithoutEffect = (values: Values, origins: Record<string, string>): string[] =>
  keys
    .filter(key => origins[key.name] !== 'default')
    .filter(key => new Map<string, unknown>(Object.entries(values)).get(key.name) !== key.default)
    .map(key => ({ key, why: key.withoutEffect ?? (key.needsTls && !values['enable-tls'] && 'it needs enable-tls') }))
    .flatMap(({ key, why }) => (why ? `${key.fileKey} from ${origins[key.name]} has no effect: ${why}` : []))
