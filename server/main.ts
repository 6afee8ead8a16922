/** The process edge: reads arguments and environment, starts the server, tells systemd, and ends it without losing a call. */

import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { pino } from 'pino'
import { type Loaded, loadConfig } from './config.ts'
import { messageOf } from './core/errors.ts'
import { createNotifier } from './notify.ts'
import { type RunningServer, startServer } from './server.ts'
import { packageVersion, version } from './version.ts'

const { argv, env } = process

function load(): Loaded {
  try {
    const readFile = (path: string): string => readFileSync(path, 'utf8')
    const here = { cwd: process.cwd(), memoryBytes: totalmem() }
    return loadConfig({ argv: argv.slice(2), env, readFile, ...here, version: version.version })
  } catch (thrown) {
    console.error(messageOf(thrown))
    process.exit(1)
  }
}

async function serve(loaded: Extract<Loaded, { mode: 'run' }>): Promise<void> {
  const { config, withoutEffect } = loaded
  const log = pino({ level: config.isDebug ? 'debug' : 'info' })
  for (const sentence of withoutEffect) log.warn(sentence)
  const notifier = createNotifier({ env, log })
  const fail = (thrown: unknown): never => {
    log.fatal({ err: thrown }, messageOf(thrown))
    process.exit(1)
  }
  let stopping = false
  let starting: Promise<RunningServer> | undefined
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping: calls under way are finished first')
    await notifier.stopping()
    // A start that is under way ends first: cut off, it would leave containers behind.
    await (await starting)?.stop()
    log.info('stopped')
    process.exit(0)
  }
  const end = (signal: NodeJS.Signals): void => void stop(signal).catch(fail)
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  // A terminal that closes ends what it began; from anybody else the signal asks to read files again.
  process.on(
    'SIGHUP',
    process.stdin.isTTY
      ? end
      : () =>
          void starting?.then(
            running => running.reload(),
            () => undefined,
          ),
  )
  starting = startServer({ config, env, log, version, runtimeVersion: packageVersion, onFatal: fail })
  const running = await starting
  if (stopping) return
  await notifier.ready()
  await notifier.status(`serving on ${running.address}`)
  if (notifier.watchdogIntervalMs !== undefined)
    setInterval(() => void notifier.watchdog(), notifier.watchdogIntervalMs)
}

const loaded = load()
if (loaded.mode === 'run') {
  serve(loaded).catch(thrown => {
    console.error(messageOf(thrown))
    process.exit(1)
  })
} else {
  process.stdout.write(loaded.text)
}
