/** How event drivers are run, as it follows from the configuration and the machine. */
import { hostname, networkInterfaces } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from './config.ts'
import type { DriverOptions } from './drivers.ts'
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

export function planDriverOptions({ config, runtimeVersion, instanceId, nodePath }: DriverFacts): DriverOptions {
  const { host, ingestPort, eventsGateway } = config
  const programsDir = join(dirname(fileURLToPath(import.meta.url)), 'drivers')
  return {
    instanceId,
    ingestPort,
    eventsGateway,
    settleMs,
    publishAddress: host,
    reachableHost: reachableHostOf(host),
    listen: async (api, place) => void (await api.listen(place)),
    builtInTypes: [],
    programOf: program => ({
      dockerImage: runtimeReference('nodejs', runtimeVersion),
      programFile: join(programsDir, `${program}.cjs`),
      nodeFile: nodePath,
    }),
  }
}
