/** The composition root: every part of the server is made and wired here, and nowhere else. No logic. */

import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { createApiReader } from './apis/reader.ts'
import type { AppOptions } from './app-options.ts'
import { openCollections } from './collections.ts'
import { createSchemaCache } from './core/json-schema.ts'
import { createAwaitRemoval } from './core/removal.ts'
import { within } from './core/within.ts'
import { createDrivers } from './drivers.ts'
import { createBus } from './events/bus.ts'
import { createSenders } from './events/senders.ts'
import { createHolds } from './functions/holds.ts'
import { createFunctionReader } from './functions/reader.ts'
import { createRetiring } from './functions/retiring.ts'
import { versionsOf } from './functions/revision.ts'
import { createSources } from './functions/sources.ts'
import { createGateway, type Gateway } from './gateway/gateway.ts'
import { connectionLimits, createListener, createRequestIds } from './http/connections.ts'
import type { EdgeOptions } from './http/edge.ts'
import { createLocalWay } from './http/local.ts'
import type { Operation } from './http/operation.ts'
import { createApi } from './http/server.ts'
import { createIdentity } from './identity.ts'
import { createImageBuilds } from './image-builds.ts'
import { createImageContents } from './image-contents.ts'
import { createBuildLogs } from './images/build-logs.ts'
import { listRuntimeImages } from './images/reconcile.ts'
import { ingestOperations } from './ingest.ts'
import { createLoops, type Loops } from './loops.ts'
import { createOperations } from './operations.ts'
import { createLiveRuns } from './runs/live.ts'
import { createLogs } from './runs/logs.ts'
import { recoverInterrupted } from './runs/recover.ts'
import { createRunner } from './runs/runner.ts'
import { createSweeper } from './runs/sweeper.ts'
import { createRunTally } from './runs/tally.ts'
import { sealedFields } from './sealed-fields.ts'
import { createSecretReader } from './secrets/reader.ts'
import { createVault } from './secrets/vault/vault.ts'
import type { Change } from './store/port.ts'

export interface App {
  api: FastifyInstance
  apiOverTls?: Server
  /** The API for whom this machine lets open its socket. */
  apiOnSocket: Server
  /** Serves the APIs that users have made. */
  gateway: Gateway
  /** What drivers reach: the taking in of their events, and nothing else. */
  createIngestApi(): FastifyInstance
  operations: readonly Operation[]
  /** Reports what a crash interrupted and begins to reconcile. Call it before listening. */
  start(): Promise<void>
  /** Cancels the builds of images, so that nothing of them is left on Docker; they begin anew at the next start. */
  endBuilds(): Promise<void>
  /** Lets everything under way finish; the store stays open. */
  drain(): Promise<void>
}

const maxSchemas = 1000
const sweepPeriodMs = 60_000
const maxLogFollowers = 64
/** For the removal of the containers of all drivers, when the server stops. */
const driversEndMs = 5_000
const maxIngestBytes = 16 * 1024 * 1024

/** Who has to say who it is cannot be deceived by a page whose name leads here: its browser has no credentials for that name. */
const edgeOf = ({ auth, hosts = [], corsOrigins = [] }: AppOptions): EdgeOptions => ({
  ...(auth === 'open' && { hosts }),
  origins: corsOrigins,
})

export function createApp(options: AppOptions): App {
  const { store, docker, execution, clock, ids, log, limits = connectionLimits } = options
  const vault = createVault({ store, fields: sealedFields, keys: options.keys, log })
  const collections = openCollections(vault.store)
  const { images, functions } = collections
  const awaitRemoval = createAwaitRemoval({ onChange: store.onChange, maxWaitMs: options.maxRemovalWaitMs })
  const identity = createIdentity({ ...options, collections, awaitRemoval })
  const sources = createSources({ ...collections, clock, ids, log })
  const holds = createHolds()
  const retiring = createRetiring()
  const functionReader = createFunctionReader({ functions, archives: collections.sources, holds })
  const schemaCheck = createSchemaCache(maxSchemas)
  const functionIdOf = async (org: string, name: string) => (await functions.get(org, name))?.id
  const secretReader = createSecretReader(collections.secrets)
  const live = createLiveRuns({ execution, clock, maxFollowers: maxLogFollowers })
  const logs = createLogs({ live, runs: store.runs, functionIdOf })
  const buildLogs = createBuildLogs({ ...collections, clock, ids, log })
  const tally = createRunTally()
  const runner = createRunner({
    ...{ live, tally, clock, ids, log },
    functions: functionReader,
    runs: store.runs,
    execution,
    secrets: secretReader,
    schemaCheck,
    maxWaiting: options.maxWaitingRuns,
  })
  const senders = createSenders(collections.drivers)
  const startId = ids.uuid().slice(0, 8)
  const gateway = createGateway({
    ...{ log, startId, limits, maxBodyBytes: options.maxBodyBytes },
    apis: createApiReader(collections.apis),
    hasOrganization: identity.hasOrganization,
    invoker: runner.invoker,
    secrets: secretReader,
    clock,
    ...(options.tls && { tls: options.tls }),
    ...(options.challenges && { challenges: options.challenges }),
    ...(options.trustedProxies && { trustedProxies: options.trustedProxies }),
  })
  const bus = createBus({
    ...{ events: store.events, subscriptions: collections.subscriptions, invoker: runner.invoker, clock, ids, log },
    ...{ retention: options.eventRetention, maxWaiting: options.maxWaitingDeliveries, periodMs: sweepPeriodMs },
  })
  const sweeper = createSweeper({
    runs: store.runs,
    clock,
    log,
    retention: options.runRetention,
    periodMs: sweepPeriodMs,
  })

  const { instanceId } = options.builds
  const contents = createImageContents({ ...options, instanceId, collections, retiring })
  const drivers = createDrivers({
    options: options.drivers,
    drivers: collections.drivers,
    ...{ docker, clock, ids, log, emit: bus.emit, marks: store.events },
    createIngestApi: () => createIngestApi(),
    wake: driver => loops.wakeDriver(driver),
  })
  const imageBuilds = createImageBuilds({
    ...{ docker, clock, log, buildLog: buildLogs, options: options.builds, names: contents.names },
    wake: key => loops.wakeImage(key),
  })
  const loops: Loops = createLoops({
    ...options,
    imageBuilds,
    instanceId,
    contentNames: contents.names,
    collections,
    driverRunners: drivers.runners,
    holds,
    retiring,
    sources,
    runs: sweeper,
    bus,
    secrets: secretReader,
    functionIdOf: (org, name) => functions.get(org, name).then(it => (it?.status === 'DELETING' ? undefined : it?.id)),
    deleteGraceMs: options.drainTimeoutMs,
    retryMsAfter: options.builds.retryMsAfter,
  })

  const onChange = async (change: Change): Promise<void> => {
    const { kind, org, name, removed } = change
    if (kind === 'API') await gateway.follow(org, name)
    if (kind === 'Secret') gateway.forgetSecret(org, name)
    if (kind === 'Function') functionReader.forget(org, name)
    identity.follow(change)
    senders.follow(change)
    bus.follow(change)
    await buildLogs.follow(change)
    if (kind === 'Function' && removed) live.functionGone({ org, functionName: name })
    if (kind === 'Image') execution.setImages(await listRuntimeImages(images))
    await loops.follow(change)
  }

  const operations = createOperations({
    ...{
      options,
      collections,
      identity,
      vault,
      sources,
      schemaCheck,
      contents,
      buildLogs,
      runner,
      live,
      logs,
      tally,
      sweeper,
    },
    ...{ bus, senders, gateway, drivers },
    awaitRemoval,
  })
  const localWay = createLocalWay(startId, limits)
  const { isLocal } = localWay
  const listener = { logger: log, startId, limits, gate: identity.gate, isLocal, audit: options.audit }
  const api = createApi({ ...listener, ...edgeOf(options), operations, maxBodyBytes: options.maxBodyBytes })
  const createIngestApi = () =>
    createApi({ ...listener, operations: ingestOperations(operations), maxBodyBytes: maxIngestBytes })

  const apiOverTls =
    options.tls &&
    createListener({
      ...{ limits, handle: api.routing },
      tls: {
        identity: options.tls,
        ...(options.clientCertificates && { clientCertificates: options.clientCertificates }),
      },
      nextRequestId: createRequestIds(`${startId}-tls`),
    })

  return {
    api,
    ...(apiOverTls && { apiOverTls }),
    apiOnSocket: localWay.createServer(api.routing),
    gateway,
    createIngestApi,
    operations,
    start: async () => {
      await vault.start()
      await Promise.all([sources.start(), identity.start()])
      const interrupted = await recoverInterrupted(store.runs, clock)
      if (interrupted > 0)
        log.warn({ interrupted }, 'runs were interrupted by the last stop; they are recorded as failed')
      store.onChange(change => {
        onChange(change).catch(thrown => log.error({ err: thrown }, 'a change could not be followed up'))
      })
      execution.setImages(await listRuntimeImages(images))
      void execution.keepOnly(versionsOf(await functions.list()))
      await drivers.start()
      void drivers.sweep()
      await imageBuilds.sweep()
      await Promise.all([gateway.start(), loops.wakeAll()])
      const waiting = await runner.restore()
      if (waiting > 0) log.info({ waiting }, 'runs that were accepted before the last stop have their turn now')
      await bus.start()
      sweeper.start()
      contents.sweeper.start()
    },
    endBuilds: () => within(options.drainTimeoutMs, imageBuilds.close()),
    drain: async () => {
      // A pull may take minutes, and Docker may not answer at all: what is under way there is begun anew at the next start.
      const docked = within(options.drainTimeoutMs, Promise.all([loops.stop(), contents.sweeper.stop()]))
      await Promise.all([runner.drain(), bus.stop(), sweeper.stop()])
      live.close()
      buildLogs.close()
      await docked
      await within(driversEndMs, drivers.runners.close())
    },
  }
}
