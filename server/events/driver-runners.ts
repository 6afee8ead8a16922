/** Which runner a driver belongs to. */
import type { BuiltInType } from './built-in-types.ts'
import type { DriverRunner } from './driver-runner.ts'
import type { Driver } from './driver-schema.ts'
import { createHostedRunner } from './hosted-runner.ts'

export interface DriverRunners {
  /** undefined: the built-in type of the driver is none any more. */
  of(driver: Driver): DriverRunner | undefined
  /** Ends what another one than the given one runs of the driver. */
  endBut(runner: DriverRunner | undefined, driverId: string): Promise<void>
  close(): Promise<void>
}

export interface DriverRunnersOptions {
  builtInTypes: readonly BuiltInType[]
  /** Of drivers that run in containers: those of Docker images, and those of built-in types with a program. */
  containers: DriverRunner
  wake(driver: { org: string; name: string }): void
}

export function createDriverRunners({ builtInTypes, containers, wake }: DriverRunnersOptions): DriverRunners {
  const byType = new Map(
    builtInTypes.map(({ name, runs }) => [
      name,
      'hosted' in runs ? createHostedRunner({ hosted: runs.hosted, wake }) : containers,
    ]),
  )
  const all = [...new Set([containers, ...byType.values()])]
  return {
    of: ({ builtIn }) => (builtIn ? byType.get(builtIn) : containers),
    endBut: async (runner, driverId) => {
      await Promise.all(all.filter(other => other !== runner).map(other => other.end(driverId)))
    },
    close: async () => {
      await Promise.all(all.map(runner => runner.close()))
    },
  }
}
