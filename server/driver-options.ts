/** How event drivers are run, as it follows from the configuration and the machine. */
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { loadProgramsDir, programPathOf } from './driver-programs.ts'
import type { DriverOptions } from './drivers.ts'
import { programTypes } from './events/built-in-types.ts'
import { runtimeReference } from './images/aliases.ts'

/** A program that cannot work ends within moments. */
const settleMs = 2000

/** Where others reach what listens on the address. */
function reachableHostOf(address: string): string {
  if (address !== '0.0.0.0' && address !== '::') return address
  const others = Object.values(networkInterfaces()).flatMap((found = []) => found)
  return others.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? hostname()
}

export interface DriverFacts {
  config: Config
  runtimeVersion: string
  instanceId: string
  /** The Node binary that programs of built-in types run on. */
  nodePath: string
}

export async function loadDriverOptions(facts: DriverFacts): Promise<DriverOptions> {
  const { config, runtimeVersion, instanceId, nodePath } = facts
  const { host, ingestPort, eventsGateway, dataDir } = config
  const programs = programTypes.flatMap(({ runs }) => ('program' in runs ? [runs.program] : []))
  const programsDir = await loadProgramsDir(programs, dataDir)
  return {
    instanceId,
    ingestPort,
    eventsGateway,
    settleMs,
    publishAddress: host,
    reachableHost: reachableHostOf(host),
    listen: async (api, place) => void (await api.listen(place)),
    builtInTypes: programTypes,
    programOf: program => ({
      dockerImage: runtimeReference('nodejs', runtimeVersion),
      programFile: join(programsDir, programPathOf(program)),
      nodeFile: nodePath,
    }),
  }
}
