/** A running server: the app on its real parts (SQLite, Docker, the engine), listening, until it is stopped. */
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { type App, createApp } from './app.ts'
import { openDiskStorage } from './audit/disk.ts'
import { type AuditLog, openAuditLog } from './audit/log.ts'
import { planBuilds } from './build-options.ts'
import { openServerCertificates } from './certificates.ts'
import type { Config } from './config.ts'
import { messageOf } from './core/errors.ts'
import type { Execution } from './core/execution.ts'
import { readIfThere, writeDurably } from './disk/files.ts'
import { createDockerEngine } from './docker/engine.ts'
import { loadDriverOptions } from './driver-options.ts'
import { createEngine } from './engine/engine.ts'
import { defaultLimits } from './engine/options.ts'
import { closeServer } from './http/connections.ts'
import type { Certificates } from './http/tls/certificates.ts'
import { rulesImagesOf } from './images/aliases.ts'
import { beginListening } from './listeners.ts'
import { listenLocally } from './local-socket.ts'
import { loadNodeBinary } from './node-binary.ts'
import { createOidcSettings } from './oidc.ts'
import { openKeyFile } from './secrets/vault/key-file.ts'
import { idFileOf } from './secrets/vault/key-owner.ts'
import { createSealMark } from './secrets/vault/seal-mark.ts'
import type { Store } from './store/port.ts'
import { openSqliteStore } from './store/sqlite.ts'
import { lockDatabase } from './store/sqlite-file.ts'
import { createClock, createDiskReader, createIds } from './system.ts'
import type { Version } from './version.ts'

export interface ServerOptions {
  config: Config
  env: NodeJS.ProcessEnv
  log: Logger
  version: Version
  runtimeVersion: string
  /** Nothing can be stored any more. */
  onFatal(error: Error): void
}

export interface RunningServer {
  /** host:port of the API; that of HTTP if it has several. */
  address: string
  /** Shows the certificate that its files hold by now. */
  reload(): void
  /** Refuses new calls, finishes those under way within the drain timeout, and removes every container. */
  stop(): Promise<void>
}

const maxBodyBytes = 64 * 1024 * 1024
/** Many times what a removal without calls under way takes, and less than clients wait for an answer. */
const maxRemovalWaitMs = 5000
/** For answers that are on their way when all calls have ended; a client that only half sent a request waits in vain. */
const lastAnswersMs = 1000

/** Two servers with one data directory would take each other's containers for leftovers. */
function lockDataDir(dataDir: string): () => void {
  try {
    return lockDatabase(join(dataDir, 'data'))
  } catch (thrown) {
    const cause = messageOf(thrown)
    const isTaken = cause.includes('in use by another process')
    const advice = isTaken ? 'another server uses it; stop that one, or choose another one with --data-dir' : cause
    throw new Error(`data directory ${dataDir}: ${advice}`, { cause: thrown })
  }
}

/** Names this data directory among all servers on one Docker, so that each only clears its own containers away. */
async function loadInstanceId(dataDir: string): Promise<string> {
  const file = idFileOf(dataDir)
  const known = (await readIfThere(file))?.trim()
  if (known) return known
  const created = randomUUID()
  await writeDurably(file, `${created}\n`, { mode: 0o600 })
  return created
}

interface Parts {
  store: Store
  app: App
  execution: Execution
  audit: AuditLog
  certificates: Certificates | undefined
}

async function createParts(options: ServerOptions, store: Store): Promise<Parts> {
  const { config, env, log, version, runtimeVersion } = options
  const { dataDir, imageRegistry, runtimeAliases, resyncPeriodMs: resyncMs, drainTimeoutMs } = config
  const { execPath, version: nodeVersion } = process
  const clock = createClock()
  const ids = createIds()
  const docker = createDockerEngine({ env, rulesImages: rulesImagesOf(runtimeVersion) })
  await docker.version().catch(thrown => log.error(`${messageOf(thrown)} Functions answer again once Docker does.`))
  const instanceId = await loadInstanceId(dataDir)
  const keys = await openKeyFile({
    file: config.secretKeyFile,
    defaultFile: config.defaultKeyFile,
    credentialsDirectory: env.CREDENTIALS_DIRECTORY ?? '',
    needed: await createSealMark(store.events).needed(),
    server: { server: instanceId, dataDir },
    log,
  })
  const nodePath = config.nodePath ?? (await loadNodeBinary({ execPath, dataDir, nodeVersion }))
  const { timeoutMs: buildTimeoutMs, memoryBytes: buildMemoryBytes } = config.builds.limits
  const buildLimits = { buildTimeoutMs, buildMemoryBytes }
  const execution = createEngine({
    docker,
    clock,
    log,
    instanceId,
    newContainerId: ids.uuid,
    imageRegistry,
    containersDir: join(dataDir, 'containers'),
    nodePath,
    limits: { ...defaultLimits, poolSize: config.poolSize, ...config.functionLimits, ...buildLimits },
  })
  const machine = { memoryMebibytes: Math.floor(totalmem() / 2 ** 20), cores: availableParallelism() }
  const runRetention = { ageMs: config.runRetentionAgeMs, count: config.runRetentionCount }
  const eventRetention = { ageMs: config.eventRetentionAgeMs, count: config.eventRetentionCount }
  const runFacts = { runRetention, maxWaitingRuns: config.runQueueSize }
  const eventFacts = { eventRetention, maxWaitingDeliveries: config.eventQueueSize }
  const audit = await openAuditLog({
    storage: await openDiskStorage(join(dataDir, 'audit')),
    maxFiles: config.auditFiles,
    ...{ clock, log },
  })
  const facts = {
    audit,
    version,
    auth: config.auth,
    authReason: config.authReason,
    runtimeVersion,
    imageRegistry,
    pullLimits: config.pullLimits,
    runtimeAliases,
    archivesDir: join(dataDir, 'archives'),
    resyncMs,
    drainTimeoutMs,
    maxBodyBytes,
    maxRemovalWaitMs,
    machine,
    corsOrigins: config.corsOrigins,
    hosts: [config.host],
    drivers: await loadDriverOptions({ config, runtimeVersion, instanceId, nodePath, log }),
    builds: planBuilds({ config: config.builds, dataDir, instanceId, nodePath }),
    readDisk: createDiskReader(dataDir),
    ...runFacts,
    ...eventFacts,
  }
  const { certificates, served } = await openServerCertificates(config, { clock, log })
  const proxies = config.trustedProxies && { trustedProxies: config.trustedProxies }
  const oidc = config.oidc && { oidc: createOidcSettings(config.oidc) }
  return {
    store,
    execution,
    audit,
    certificates,
    app: createApp({ store, keys, docker, execution, clock, ids, log, ...facts, ...served, ...proxies, ...oidc }),
  }
}

async function stopParts(parts: Parts, drainTimeoutMs: number): Promise<void> {
  const { app, execution, store, audit, certificates } = parts
  const begunMs = performance.now()
  await certificates?.stop()
  // Before the engine removes the network that they are on. Calls go on meanwhile, and have no more time for that.
  await app.endBuilds()
  const drained = app.drain()
  const { api, apiOverTls, apiOnSocket, gateway } = app
  const closed = Promise.all([api.close(), closeServer(apiOverTls), closeServer(apiOnSocket), gateway.close()])
  await execution.close(Math.max(0, drainTimeoutMs - (performance.now() - begunMs)))
  await drained
  const cut = setTimeout(() => {
    const { http, https } = gateway.servers
    for (const server of [api.server, apiOverTls, apiOnSocket, http, https]) server?.closeAllConnections()
  }, lastAnswersMs)
  await closed
  clearTimeout(cut)
  await audit.close()
  await store.close()
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log } = options
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const store = await openSqliteStore({ file: config.dbFile, onFatal: options.onFatal })
  const unlock = lockDataDir(config.dataDir)
  const parts = await createParts(options, store)
  const stop = () => stopParts(parts, config.drainTimeoutMs).finally(unlock)
  try {
    // Before anybody can call: a run that is under way now would be taken for one that a crash interrupted.
    await parts.app.start()
    const addresses = await beginListening(parts.app, config, log)
    if (config.socket) await listenLocally({ server: parts.app.apiOnSocket, ...config.socket, log })
    parts.certificates?.start()
    return { address: addresses.at(-1) ?? '', reload: () => parts.certificates?.reload(), stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}
