/** Runs drivers in containers: one each, started anew with growing pauses when it ends, and none left over. */
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/ports.ts'
import type { Container, ContainerState } from '../docker/port.ts'
import { programOf } from './built-in-types.ts'
import {
  type DriverPlace,
  type DriverSpec,
  fingerprintLabel,
  labelsOf,
  memoryMebibytes,
  type ProgramPlace,
  planDriverContainer,
} from './driver-container.ts'
import { createDriverDocker, type DriverDockerOptions } from './driver-docker.ts'
import { type Life, newLife, renderEnd, stateOfRunning, stateOfWaiting, withFailure } from './driver-life.ts'
import type { DriverRunner, DriverState, WantedDriver } from './driver-runner.ts'
import type { Driver } from './driver-schema.ts'

export interface ContainerRunnerOptions extends DriverDockerOptions {
  log: Log
  /** From any beginning. */
  nowMs(): number
  /** Makes the listener for events reachable on the drivers' network; resolves with its host:port. */
  openIngest(): Promise<string>
  closeIngest(): Promise<void>
  /** host:port that drivers are told instead; '' when none. */
  eventsGateway: string
  settleMs: number
  publishAddress: string
  /** Host in the URLs of exposed drivers. */
  reachableHost: string
  /** Of drivers of the built-in type. */
  programOf(builtIn: string): ProgramPlace | undefined
  wake(driver: { org: string; name: string }): void
}

export interface ContainerRunner extends DriverRunner {
  /** Removes the containers of drivers that are not among the ids, which are listed after the containers. */
  sweep(listIds: () => Promise<string[]>): Promise<void>
}

interface Tended extends Life {
  driver: { org: string; name: string }
  containerId: string | undefined
}

const toldLines = 3

export function createContainerRunner(options: ContainerRunnerOptions): ContainerRunner {
  const { docker, log, instanceId, nowMs, settleMs } = options
  const containers = createDriverDocker(options)
  /** By id of the driver. */
  const lives = new Map<string, Tended>()
  let endpoint: string | undefined

  const stopWatching = docker.onContainerEnd(labelsOf(instanceId), id => {
    for (const { containerId, driver } of lives.values()) if (containerId === id) options.wake(driver)
  })

  async function open(): Promise<string> {
    const address = await options.openIngest()
    endpoint = options.eventsGateway || address
    return endpoint
  }

  function planSpec(wanted: WantedDriver, endpoint: string, hostPort = 0): DriverSpec {
    const { builtIn } = wanted.driver
    const program = builtIn ? options.programOf(builtIn) : undefined
    const place: DriverPlace = { instanceId, endpoint, publishAddress: options.publishAddress, program }
    return planDriverContainer(wanted, place, hostPort)
  }

  /** Settings that are others are a new life: what failed with the old ones says nothing of them. */
  function lifeOf({ id, org, name }: Driver, fingerprint: string): Tended {
    const present = lives.get(id)
    if (present?.fingerprint === fingerprint) return present
    return { ...newLife(fingerprint, nowMs()), driver: { org, name }, containerId: undefined }
  }

  function fail(driver: Driver, life: Tended, reason: string): Tended {
    const failed = { ...life, ...withFailure(life, reason, nowMs()), containerId: undefined }
    lives.set(driver.id, failed)
    log.warn({ org: driver.org, driver: driver.name, reason, failures: failed.failures }, 'an event driver has failed')
    return failed
  }

  async function bury(wanted: WantedDriver, life: Tended, kept: Container, state: ContainerState): Promise<Tended> {
    const { driver, secrets } = wanted
    const lines = await docker.readLog(kept.id, toldLines)
    await containers.remove([kept])
    const how = renderEnd({ ...state, lines }, memoryMebibytes, [driver.token, ...Object.values(secrets)])
    return fail(driver, life, `err running driver ${programOf(driver)}: ${how}`)
  }

  /** On the port that it was reached on before, if that is free. */
  async function startContainer(wanted: WantedDriver): Promise<string> {
    const { driver } = wanted
    const spec = planSpec(wanted, await open())
    await containers.requireImage(spec.dockerImage)
    const before = driver.expose && driver.url ? Number(new URL(driver.url).port) : 0
    if (before === 0) return await containers.start(spec)
    const { publish } = spec
    const again = { ...spec, ...(publish && { publish: { ...publish, hostPort: before } }) }
    return await containers.start(again).catch(() => containers.start(spec))
  }

  async function start(wanted: WantedDriver, life: Tended): Promise<DriverState> {
    const { driver } = wanted
    const begun = { ...life, sinceMs: nowMs() }
    try {
      const containerId = await startContainer(wanted)
      const started = { ...begun, sinceMs: nowMs(), containerId }
      lives.set(driver.id, started)
      return stateOfRunning(started, { nowMs: nowMs(), settleMs })
    } catch (thrown) {
      const cause = messageOf(thrown)
      const reason = cause.startsWith('err pulling image') ? cause : `err running driver ${programOf(driver)}: ${cause}`
      const { dueMs } = fail(driver, begun, reason)
      return { is: 'failed', reason, againMs: dueMs - nowMs() }
    }
  }

  const urlOf = ({ hostPort }: ContainerState): string | undefined =>
    hostPort === undefined ? undefined : `http://${options.reachableHost}:${hostPort}`

  return {
    run: async wanted => {
      const { driver } = wanted
      const fingerprint = planSpec(wanted, endpoint ?? (await open())).labels[fingerprintLabel] ?? ''
      const found = await containers.list(driver.id)
      const kept = found.find(({ labels }) => labels[fingerprintLabel] === fingerprint)
      await containers.remove(found.filter(container => container !== kept))
      let life = lifeOf(driver, fingerprint)
      const state = kept && (await docker.inspectContainer(kept.id))
      if (kept && state?.running) {
        lives.set(driver.id, { ...life, containerId: kept.id })
        return stateOfRunning(life, { nowMs: nowMs(), settleMs, url: urlOf(state) })
      }
      if (kept && state) life = await bury(wanted, life, kept, state)
      const leftMs = life.dueMs - nowMs()
      return leftMs > 0 ? stateOfWaiting(life, leftMs) : await start(wanted, life)
    },

    end: async driverId => {
      lives.delete(driverId)
      await containers.remove(await containers.list(driverId))
    },

    sweep: containers.sweep,

    close: async () => {
      stopWatching()
      await containers
        .removeAll()
        .catch(thrown => log.warn({ cause: messageOf(thrown) }, 'event drivers could not be removed from Docker'))
      await options.closeIngest()
    },
  }
}
