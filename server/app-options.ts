/** What the server's parts are made from: the real ones, or those of a test, and the facts of this installation. */
import type { FastifyBaseLogger } from 'fastify'
import type { AuditLog } from './audit/log.ts'
import type { AuthMode } from './core/access.ts'
import type { Clock, Ids } from './core/clock.ts'
import type { Execution } from './core/execution.ts'
import type { Log } from './core/ports.ts'
import type { RetentionLimits } from './core/sweeping.ts'
import type { Docker } from './docker/port.ts'
import type { DriverOptions } from './drivers.ts'
import type { Machine } from './functions/routes.ts'
import type { TrustedProxies } from './gateway/client-address.ts'
import type { ConnectionLimits } from './http/connections.ts'
import type { Challenges } from './http/tls/challenges.ts'
import type { LiveIdentity } from './http/tls/identity.ts'
import type { TlsOptions } from './http/tls/listener.ts'
import type { OidcSettings } from './iam/oidc/settings.ts'
import type { HashParameters } from './iam/passwords.ts'
import type { BuildOptions } from './image-builds.ts'
import type { PullLimits } from './images/pull.ts'
import type { DiskSpace } from './metrics/catalogue.ts'
import type { KeyRing } from './secrets/vault/key-ring.ts'
import type { Store } from './store/port.ts'
import type { Version } from './version.ts'

export interface AppOptions {
  audit: AuditLog
  /** Of what is secret it sees what was sealed alone. */
  store: Store
  keys: KeyRing
  docker: Docker
  execution: Execution
  clock: Clock
  ids: Ids
  log: Log & FastifyBaseLogger
  version: Version
  /** `open`: any credential counts, as in the original. */
  auth: AuthMode
  /** By what that was said. */
  authReason?: string
  /** Version of the runtime images that belong to this server. */
  runtimeVersion: string
  /** Whether they stand in for base images of others. */
  runtimeAliases: boolean
  imageRegistry: string
  pullLimits: PullLimits
  /** For archives of images while they arrive. */
  archivesDir: string
  resyncMs: number
  /** How long what is under way may go on when the server stops, or when its function is deleted. */
  drainTimeoutMs: number
  maxBodyBytes: number
  /** Without it nothing is served over TLS. */
  tls?: LiveIdentity
  /** Of clients of the API; absent: they are asked for none. */
  clientCertificates?: NonNullable<TlsOptions['clientCertificates']>
  /** Of an authority that asks whose a domain is. */
  challenges?: Pick<Challenges, 'wrap'>
  /** Why the certificate that is shown is not what it should be. */
  certificateProblem?: () => string | undefined
  /** What each listener allows a connection; without it what `connectionLimits` says. */
  limits?: ConnectionLimits
  /** Of this machine, beside localhost and addresses; in the mode `open` requests that ask for another host are refused. */
  hosts?: readonly string[]
  /** Of other sites whose pages may use the API. */
  corsOrigins?: readonly string[]
  /** Where users may log in too; without it with passwords alone. */
  oidc?: OidcSettings
  /** Whose word on the address of a client counts; without it nobody's. */
  trustedProxies?: TrustedProxies
  /** How long a name that is asked for waits until what had it is cleared away. */
  maxRemovalWaitMs: number
  machine: Machine
  readDisk: () => DiskSpace | undefined
  /** `count` is of each function. */
  runRetention: RetentionLimits
  /** `count` is of each organization. */
  eventRetention: RetentionLimits
  /** How many deliveries of events may wait for one subscription. */
  maxWaitingDeliveries: number
  drivers: DriverOptions
  builds: BuildOptions
  /** What checking a password costs; that of today where it is left out. */
  hashParameters?: HashParameters
  /** How many runs that nobody awaits may wait for their turn. */
  maxWaitingRuns: number
}
