/** Plans the container of an event driver: what its program is told, and what it may use. Pure. */
import { dockerLabel } from '../core/docker-labels.ts'
import type { ContainerSpec, Mount } from '../docker/port.ts'
import { fingerprintOf, type WantedDriver } from './driver-runner.ts'

const mebibyte = 1024 * 1024
export const memoryMebibytes = 256

/** The original's: scripts look for its containers by it. */
export const driverIdLabel = 'dispatch-eventdriver-id'
const driversLabel = dockerLabel('drivers')
export const fingerprintLabel = dockerLabel('fingerprint')

/** What all containers of an instance's drivers carry. */
export const labelsOf = (instanceId: string) => ({ [driversLabel]: instanceId })

/** A program of ours in an image of a runtime. */
export interface ProgramPlace {
  dockerImage: string
  /** On this machine, as Docker sees it. */
  programFile: string
  nodeFile: string
}

export interface DriverPlace {
  instanceId: string
  /** host:port that its events go to. */
  endpoint: string
  /** This machine's address that an exposed driver is reached on. */
  publishAddress: string
  /** Of built-in types. */
  program: ProgramPlace | undefined
}

const nodePath = '/usr/bin/node'
const programPath = '/driver/main.cjs'
const exposedPort = 80

const argumentOf = ([key, value]: [string, string]): string => (value === '' ? `--${key}` : `--${key}=${value}`)
const variableOf = (key: string): string => key.toUpperCase().replaceAll('-', '_')

function commandOf({ settings }: WantedDriver, { endpoint, program }: DriverPlace): string[] {
  const head = program ? [nodePath, programPath] : []
  return [...head, ...Object.entries(settings).map(argumentOf), `--dispatch-api-endpoint=${endpoint}`]
}

function mountsOf({ program }: DriverPlace): Mount[] {
  if (!program) return []
  return [
    { hostPath: program.programFile, path: programPath, readOnly: true },
    { hostPath: program.nodeFile, path: nodePath, readOnly: true },
  ]
}

export type DriverSpec = Omit<ContainerSpec, 'name'>

/** `hostPort`: the one that it was reached on before, 0 when none. */
export function planDriverContainer(wanted: WantedDriver, place: DriverPlace, hostPort: number): DriverSpec {
  const { driver, secrets } = wanted
  const variables = Object.entries(secrets).map(([key, value]) => [variableOf(key), value])
  const spec = {
    dockerImage: place.program?.dockerImage ?? driver.image,
    command: commandOf(wanted, place),
    env: { HOME: '/tmp', ...Object.fromEntries(variables), AUTH_TOKEN: driver.token },
    mounts: mountsOf(place),
    memoryBytes: memoryMebibytes * mebibyte,
    cpus: 1,
    maxProcesses: 128,
    network: 'driver' as const,
    logBytes: mebibyte,
  }
  const published = { port: exposedPort, hostAddress: place.publishAddress }
  const fingerprint = fingerprintOf(spec, driver.expose && published)
  const labels = { ...labelsOf(place.instanceId), [driverIdLabel]: driver.id, [fingerprintLabel]: fingerprint }
  return { ...spec, labels, ...(driver.expose && { publish: { ...published, hostPort } }) }
}
