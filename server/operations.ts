/** Every operation of the REST API, wired to the parts that serve it. */
import { createApiOperations } from './apis/routes.ts'
import type { AppOptions } from './app-options.ts'
import { createAuditOperations } from './audit/routes.ts'
import type { Collections } from './collections.ts'
import type { SchemaCompiler } from './core/json-schema.ts'
import type { AwaitRemoval } from './core/removal.ts'
import type { Drivers } from './drivers.ts'
import type { Bus } from './events/bus.ts'
import { createEventOperations } from './events/operations.ts'
import type { Senders } from './events/senders.ts'
import { createFunctionOperations } from './functions/routes.ts'
import type { Sources } from './functions/sources.ts'
import { createUsageOperation } from './functions/usage-routes.ts'
import type { Gateway } from './gateway/gateway.ts'
import { createHealth } from './health.ts'
import { describe } from './http/document/describe.ts'
import { createDocumentOperations } from './http/document/routes.ts'
import { createHealthOperation } from './http/health.ts'
import type { Operation } from './http/operation.ts'
import { createTellVersion, createVersionOperation } from './http/version.ts'
import type { Identity } from './identity.ts'
import type { ImageContents } from './image-contents.ts'
import { createArchiveOperations } from './images/archive-routes.ts'
import { createArchives } from './images/archives.ts'
import { createBaseImageOperations } from './images/base-image-routes.ts'
import { createBuildLogOperation } from './images/build-log-routes.ts'
import type { BuildLogs } from './images/build-logs.ts'
import { createImageOperations } from './images/image-routes.ts'
import { createPruneOperations } from './images/prune-routes.ts'
import { createMetricsOperation } from './metrics/routes.ts'
import type { LiveRuns } from './runs/live.ts'
import type { Logs } from './runs/logs.ts'
import { createLogsOperations } from './runs/logs-routes.ts'
import { createRunOperations } from './runs/routes.ts'
import type { Runner } from './runs/runner.ts'
import type { Sweeper } from './runs/sweeper.ts'
import type { RunTally } from './runs/tally.ts'
import { createSecretOperations } from './secrets/routes.ts'
import { createKeyOperation } from './secrets/vault/routes.ts'
import type { Vault } from './secrets/vault/vault.ts'
import { createApiPageOperation } from './ui/routes.ts'

export interface Parts {
  options: AppOptions
  collections: Collections
  identity: Identity
  vault: Vault
  awaitRemoval: AwaitRemoval
  schemaCheck: SchemaCompiler
  sources: Sources
  contents: ImageContents
  buildLogs: BuildLogs
  runner: Runner
  live: LiveRuns
  logs: Logs
  tally: RunTally
  sweeper: Sweeper
  bus: Bus
  senders: Senders
  gateway: Gateway
  drivers: Pick<Drivers, 'builtInTypes' | 'nextRunMs'>
}

export function createOperations(parts: Parts): readonly Operation[] {
  const { options, collections, contents, runner, bus, sweeper: runs } = parts
  const { store, docker, execution, clock, machine, version, auth } = options
  const kinds = { ...parts, ...parts.drivers, ...collections, ids: options.ids, clock }
  const archives = { docker, clock, directory: options.archivesDir, maxBytes: options.pullLimits.maxBytes }
  const isOpen = auth === 'open'
  const tellVersion = createTellVersion(version, isOpen)
  // Anybody may read what the API is like, but not which release of it this is.
  const toldVersion = isOpen ? version.version : 'v1'
  const readHealth = createHealth({ functions: collections.functions, ...options })
  const describeAll = () => operations.map(describe)
  const operations: readonly Operation[] = [
    ...createBaseImageOperations(kinds),
    ...createImageOperations(kinds),
    ...createPruneOperations(contents.sweeper),
    ...createArchiveOperations(createArchives(archives)),
    createBuildLogOperation(parts.buildLogs),
    ...createFunctionOperations({ ...kinds, sources: parts.sources, runs, machine }),
    createUsageOperation(execution),
    ...createRunOperations({ runner, runs: store.runs }),
    ...createLogsOperations(parts.logs),
    ...createSecretOperations({ ...kinds, allows: parts.identity.allows }),
    ...createApiOperations(kinds),
    ...createEventOperations({ ...kinds, bus, events: store.events, hasOrganization: parts.identity.hasOrganization }),
    ...parts.identity.operations,
    ...createAuditOperations(options.audit.storage),
    createKeyOperation(parts.vault),
    createHealthOperation({ ...options, readHealth, tellVersion }),
    createVersionOperation(tellVersion),
    createMetricsOperation(() => readMetrics(parts), isOpen ? 'public' : 'known'),
    ...createDocumentOperations(describeAll, toldVersion),
    createApiPageOperation(describeAll, toldVersion),
  ]
  return operations
}

const readMetrics = async ({ options, bus, gateway, runner, live, tally }: Parts) => ({
  events: await bus.stats(),
  gateway: gateway.stats(),
  runs: { ...runner.stats(), ...live.stats, languages: tally.languages() },
  execution: options.execution.stats(),
  store: options.store.stats(),
  disk: options.readDisk(),
})
