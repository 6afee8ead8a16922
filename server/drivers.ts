/** What runs event drivers, wired: their containers, their network, and the listener that takes their events in. */
import type { FastifyInstance } from 'fastify'
import type { Clock, Ids, WallClock } from './core/clock.ts'
import { messageOf } from './core/errors.ts'
import type { Log } from './core/ports.ts'
import { settle } from './core/settle.ts'
import type { Docker } from './docker/port.ts'
import type { BuiltInType } from './events/built-in-types.ts'
import type { Bus } from './events/bus.ts'
import { createContainerRunner } from './events/container-runner.ts'
import type { ProgramPlace } from './events/driver-container.ts'
import { settingsOf } from './events/driver-runner.ts'
import { createDriverRunners, type DriverRunners } from './events/driver-runners.ts'
import type { Driver } from './events/driver-schema.ts'
import { createTimedTypes } from './events/timed-types.ts'
import { createIngestListener } from './ingest.ts'
import type { EventStore } from './store/event-port.ts'
import type { Collection } from './store/port.ts'

export interface DriverOptions {
  /** Names this server's containers among all of one Docker. */
  instanceId: string
  /** Of the listener that they send events to; `listen` opens it. */
  ingestPort: number
  listen(api: FastifyInstance, place: { host: string; port: number }): Promise<void>
  /** host:port that they are told instead; '' when none. */
  eventsGateway: string
  /** What has run for so long is taken to work. */
  settleMs: number
  /** This machine's address that exposed ones are reached on, and the host of their URLs. */
  publishAddress: string
  reachableHost: string
  /** Beside those that need nothing but a clock. */
  builtInTypes: readonly BuiltInType[]
  /** What schedules go by. */
  wall: WallClock
  /** Where the program server/drivers/<program>/ is. */
  programOf(program: string): ProgramPlace
}

export interface DriverParts {
  options: DriverOptions
  drivers: Collection<Driver>
  docker: Docker
  clock: Clock
  ids: Ids
  log: Log
  emit: Bus['emit']
  marks: EventStore
  createIngestApi(): FastifyInstance
  wake(driver: { org: string; name: string }): void
}

export interface Drivers {
  builtInTypes: readonly BuiltInType[]
  /** When the driver emits its next event, in Unix milliseconds, if that is known. */
  nextRunMs(driver: Driver): number | undefined
  runners: DriverRunners
  /** READY of a former life says nothing of this one: such drivers are CREATING until they run again. Never rejects. */
  start(): Promise<void>
  /** Removes what a former life left behind of drivers that are no more. Never rejects. */
  sweep(): Promise<void>
}

const pullTimeoutMs = 120_000

export function createDrivers(parts: DriverParts): Drivers {
  const { options, drivers, docker, clock, ids, log, createIngestApi, wake } = parts
  const { instanceId, ingestPort: port, wall } = options
  const builtInTypes = [...createTimedTypes({ ...parts, wall }), ...options.builtInTypes]
  const ingest = createIngestListener({
    create: createIngestApi,
    listen: (api, host) => options.listen(api, { host, port }),
    port,
  })
  const programs = new Map(
    builtInTypes.flatMap(({ name, runs }) => ('program' in runs ? [[name, options.programOf(runs.program)]] : [])),
  )
  const containers = createContainerRunner({
    ...options,
    docker,
    log,
    wake,
    pullTimeoutMs,
    newContainerId: ids.uuid,
    nowMs: () => performance.now(),
    openIngest: async () => await ingest.open(await docker.openDriverNetwork(instanceId, port)),
    closeIngest: ingest.close,
    programOf: builtIn => programs.get(builtIn),
  })
  const awaitReady = async (): Promise<void> => {
    const ready = (await drivers.list()).filter(({ status }) => status === 'READY')
    for (const entity of ready) await settle(drivers, clock, { entity, to: { status: 'CREATING' } })
  }
  return {
    builtInTypes,
    nextRunMs: driver => {
      const { runs } = builtInTypes.find(({ name }) => name === driver.builtIn) ?? {}
      if (driver.status !== 'READY' || !runs || !('hosted' in runs)) return undefined
      return runs.hosted.nextMs?.(settingsOf(driver), wall.nowMs())
    },
    runners: createDriverRunners({ builtInTypes, containers, wake }),
    start: () =>
      awaitReady().catch(thrown => {
        log.warn({ cause: messageOf(thrown) }, 'event drivers are told as READY until they have been looked at')
      }),
    sweep: async () => {
      const listIds = async () => (await drivers.list()).map(({ id }) => id)
      await containers.sweep(listIds).catch(thrown => {
        log.warn({ cause: messageOf(thrown) }, 'containers of former event drivers could not be looked for')
      })
    },
  }
}
