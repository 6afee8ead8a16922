/** The agent's process edge: applies the settings, says READY, and keeps the appliance until the machine goes down. */
import { watchFile } from 'node:fs'
import { pino } from 'pino'
import { messageOf } from '../../server/core/errors.ts'
import { createNotifier } from '../../server/notify.ts'
import { packageVersion } from '../../server/version.ts'
import { createTtyOutput } from '../console/terminal.ts'
import { createFiles } from '../firstboot/files.ts'
import { planFile } from '../firstboot/plan/step.ts'
import { writeValues } from '../firstboot/record.ts'
import type { Fault } from '../firstboot/settings.ts'
import { run } from '../run.ts'
import { findGroupId } from './accounts.ts'
import { createAppliance } from './appliance.ts'
import { applyGiven } from './boot.ts'
import { controlSocket, setupSocket } from './control.ts'
import { useSecrets } from './given-secrets.ts'
import { speakLast } from './last-words.ts'
import { groups, places } from './places.ts'
import { createProblems } from './problems.ts'
import { planRouteParts } from './route-parts.ts'
import { planControlRoutes, planSetupRoutes } from './routes.ts'
import { openScreens } from './screens.ts'
import { giveSignsOfLife } from './signs-of-life.ts'
import { listenAt } from './sockets.ts'
import { type Watch, watch } from './watch.ts'

const { env } = process
const log = pino()
const problems = createProblems(line => log.warn(line))
/** All of them: the console has room for some only. */
const tellFaults = (faults: readonly Fault[]): void => {
  for (const { key, problem, instead } of faults) log.warn(`${key} is not taken: ${problem}; ${instead}`)
}
const onError = (thrown: unknown): void => log.error({ err: thrown })
const stateFile = `${places.runtime}/state.json`
/** Each look takes processor time that Docker and the server need to start; what cannot wait comes by a nudge. */
const pauseMs = 5000
/** For the server's socket, which costs next to nothing. */
const glanceMs = 500

async function main(): Promise<void> {
  const files = createFiles('/')
  let looking: Watch | undefined
  const nudge = (): void => looking?.nudge()
  const appliance = await createAppliance({
    ...{ run, files, places, problems, nudge },
    version: packageVersion,
    tlsGroupId: await findGroupId(places.groups, groups.tls),
    storeValues: values => writeValues(places.state, values),
    onStatus: async status => {
      const text = `${JSON.stringify(status, undefined, 2)}\n`
      const step = planFile({ path: stateFile, text, why: 'the state, for whoever asks' })
      if (await files.differs(step)) await files.write(step)
      screens.show(status)
    },
  })
  const { agent } = appliance
  const screens = openScreens({ appliance, run, places, nudge })
  process.prependListener('exit', screens.close)
  screens.show(await appliance.status())
  const boot = { appliance, places, run, problems }
  const booted = await applyGiven(boot)
  appliance.addFaults(booted.faults)
  tellFaults([...booted.faults, ...booted.parsed.faults])
  await appliance.certificate.refresh().catch(thrown => problems.tell('certificate', [messageOf(thrown)]))
  const routes = planRouteParts(appliance, { run, nudge, places })
  const administrators = await findGroupId(places.groups, groups.administrators)
  await listenAt({ path: controlSocket, groupId: administrators }, planControlRoutes(routes), onError)
  const setup = await findGroupId(places.groups, groups.setup)
  await listenAt({ path: setupSocket, groupId: setup }, planSetupRoutes(routes), onError)
  agent.begin()
  const schedule = (afterMs: number, work: () => void) => {
    const timer = setTimeout(work, afterMs)
    return { cancel: () => clearTimeout(timer) }
  }
  const monotonicMs = (): number => performance.now()
  looking = watch({ look: agent.look, pauseMs, monotonicMs, schedule })
  // It is there, or another one, when the server has started: somebody waits for that in front of the console.
  watchFile(places.serverSocket, { interval: glanceMs }, nudge)
  const notifier = createNotifier({ env, log })
  await notifier.ready()
  await notifier.status('settings are applied')
  giveSignsOfLife({ notifier, watch: looking, every: (ms, work) => void setInterval(work, ms) })
  const kept = await useSecrets(boot, booted)
  appliance.addFaults(kept)
  tellFaults(kept)
  nudge()
}

process.on('SIGTERM', () => process.exit(0))
process.on('exit', code => speakLast(createTtyOutput(places.console), code))
main().catch(thrown => {
  log.fatal({ err: thrown })
  process.exit(1)
})
