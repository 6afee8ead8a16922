/** How event drivers are run, as it follows from the configuration and the machine. */
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { Config } from './config.ts'
import type { Log } from './core/ports.ts'
import { loadProgramsDir, programPathOf } from './driver-programs.ts'
import type { DriverOptions } from './drivers.ts'
import { programTypes } from './events/built-in-types.ts'
import { runtimeReference } from './images/aliases.ts'
import { createWallClock } from './system.ts'

/** A program that cannot work ends within moments. */
const settleMs = 2000

const ownAddresses = () => Object.values(networkInterfaces()).flatMap((found = []) => found)

/** Where others reach what listens on the address. */
function reachableHostOf(address: string): string {
  if (address !== '0.0.0.0' && address !== '::') return address
  return ownAddresses().find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? hostname()
}

/** Docker takes `::` for IPv6 alone, where a listener means both. Drivers are told by their IPv4 address. */
const publishAddressOf = (address: string): string => (address === '::' ? '0.0.0.0' : address)

/** The original's appliance had such a gateway, and old configurations still have. */
function warnOfOwn(eventsGateway: string, log: Log): void {
  const host = eventsGateway.replace(/:\d*$/, '')
  if (host !== 'localhost' && !ownAddresses().some(({ address }) => address === host)) return
  const advice = 'take events-gateway out of the configuration, and drivers get the address of the listener for them'
  log.warn({ eventsGateway }, `event drivers do not reach this address of this machine: ${advice}`)
}

export interface DriverFacts {
  config: Config
  runtimeVersion: string
  instanceId: string
  log: Log
  /** The Node binary that programs of built-in types run on. */
  nodePath: string
}

export async function loadDriverOptions(facts: DriverFacts): Promise<DriverOptions> {
  const { config, runtimeVersion, instanceId, nodePath, log } = facts
  const { host, ingestPort, eventsGateway, dataDir } = config
  const programs = programTypes.flatMap(({ runs }) => ('program' in runs ? [runs.program] : []))
  warnOfOwn(eventsGateway, log)
  const programsDir = await loadProgramsDir(programs, dataDir)
  return {
    instanceId,
    ingestPort,
    eventsGateway,
    settleMs,
    publishAddress: publishAddressOf(host),
    reachableHost: reachableHostOf(host),
    listen: async (api, place) => void (await api.listen(place)),
    builtInTypes: programTypes,
    wall: createWallClock(),
    programOf: program => ({
      dockerImage: runtimeReference('nodejs', runtimeVersion),
      programFile: join(programsDir, programPathOf(program)),
      nodeFile: nodePath,
    }),
  }
}
