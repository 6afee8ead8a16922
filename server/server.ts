/** A running server: the app on its real parts (SQLite, Docker, the engine), listening, until it is stopped. */
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { type App, createApp } from './app.ts'
import type { Config } from './config.ts'
import { messageOf } from './core/errors.ts'
import { createDockerEngine } from './docker/engine.ts'
import { createEngine } from './engine/engine.ts'
import { defaultLimits } from './engine/options.ts'
import { openSqliteStore } from './store/sqlite.ts'
import { createClock, createIds } from './system.ts'
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
  /** host:port of the API. */
  address: string
  /** Refuses new calls, finishes those under way within the drain timeout, and removes every container. */
  stop(): Promise<void>
}

const maxBodyBytes = 64 * 1024 * 1024

/** Names this data directory among all servers on one Docker, so that each only clears its own containers away. */
async function loadInstanceId(dataDir: string): Promise<string> {
  const file = join(dataDir, 'instance-id')
  const known = await readFile(file, 'utf8').catch(() => '')
  if (known !== '') return known.trim()
  const created = randomUUID()
  await writeFile(file, `${created}\n`, { mode: 0o600 })
  return created
}

async function listen(app: App, { host, port }: Config): Promise<string> {
  try {
    await app.api.listen({ host, port })
  } catch (thrown) {
    const isTaken = thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE'
    const advice = isTaken
      ? 'another program listens there: stop it, or choose another port with --port'
      : messageOf(thrown)
    throw new Error(`the API cannot listen on ${host}:${port}: ${advice}`, { cause: thrown })
  }
  return `${host}:${port}`
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, env, log } = options
  const { dataDir, imageRegistry, resyncPeriodMs } = config
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const clock = createClock()
  const ids = createIds()
  const store = await openSqliteStore({ file: config.dbFile, onFatal: options.onFatal })
  const docker = createDockerEngine({ env })
  await docker.version().catch(thrown => log.error(`${messageOf(thrown)} Functions answer again once Docker does.`))
  const execution = createEngine({
    docker,
    clock,
    log,
    instanceId: await loadInstanceId(dataDir),
    newContainerId: ids.uuid,
    containersDir: join(dataDir, 'containers'),
    nodePath: config.nodePath ?? process.execPath,
    limits: { ...defaultLimits, poolSize: config.poolSize },
  })
  const { version, runtimeVersion } = options
  const app = createApp({
    store,
    docker,
    execution,
    clock,
    ids,
    log,
    version,
    runtimeVersion,
    dataDir,
    imageRegistry,
    resyncMs: resyncPeriodMs,
    maxBodyBytes,
  })
  const stop = async (): Promise<void> => {
    const drained = [app.drain(), app.api.close()]
    await execution.close(config.drainTimeoutMs)
    await Promise.all(drained)
    await store.close()
  }
  try {
    const address = await listen(app, config)
    await app.start()
    log.info(`Dispatch HTTP server: serving HTTP traffic at http://${address}`)
    return { address, stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}
