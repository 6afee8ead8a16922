/** The process edge of the set-up page: places from the environment, READY for systemd, and an end that takes no answer away. */
import { pino } from 'pino'
import { createNotifier } from '../../server/notify.ts'
import { setupSocket } from '../appliance/control.ts'
import { places } from '../appliance/places.ts'
import { setupPorts } from '../ports.ts'
import type { SetupPorts } from './listeners.ts'
import { type RunningSetup, startSetup } from './start.ts'

const { env } = process
const tlsDirectory = env.DISPATCH_SETUP_TLS ?? places.tls

/** Four ports from the given one on; without it those that the firewall leads to. */
function portsFrom(first: string | undefined): SetupPorts {
  const page = Number(first)
  return page > 0 ? { page, redirect: page + 1, refusal: page + 2, refusalTls: page + 3 } : setupPorts
}

async function serve(): Promise<void> {
  const log = pino()
  const notifier = createNotifier({ env, log })
  let starting: Promise<RunningSetup> | undefined
  let isStopping = false
  const stop = async (): Promise<void> => {
    if (isStopping) return
    isStopping = true
    await notifier.stopping()
    await (await starting)?.stop()
    log.info('stopped')
    process.exit(0)
  }
  const end = (): void => void stop().catch(fail)
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  starting = startSetup({
    certificateFile: `${tlsDirectory}/certificate.pem`,
    keyFile: `${tlsDirectory}/key.pem`,
    socketPath: env.DISPATCH_SETUP_SOCKET ?? setupSocket,
    ports: portsFrom(env.DISPATCH_SETUP_PORT),
    log,
    nowMs: Date.now,
    ...(env.DISPATCH_SETUP_HOST && { host: env.DISPATCH_SETUP_HOST }),
  })
  await starting
  if (isStopping) return
  await notifier.ready()
  await notifier.status('waiting for a claim')
}

function fail(thrown: unknown): never {
  console.error(thrown instanceof Error ? thrown.message : thrown)
  process.exit(1)
}

serve().catch(fail)
