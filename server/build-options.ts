/** How images are built, as it follows from the configuration and the machine. */
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { BuildConfig } from './config/builds.ts'
import type { BuildOptions } from './image-builds.ts'

const diskCheckMs = 2000
const firstRetryMs = 15_000
const longestRetryMs = 3_600_000

/** Doubling: a registry is back soon or late, and a mistake in a manifest never is. */
export const planBuildRetryMs = (failures: number): number =>
  Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 20))

export interface BuildFacts {
  config: BuildConfig
  dataDir: string
  instanceId: string
  nodePath: string
}

export function planBuilds({ config, dataDir, instanceId, nodePath }: BuildFacts): BuildOptions {
  const { atOnce, limits, settings, caFile } = config
  return {
    ...{ instanceId, nodePath, atOnce, limits, settings, diskCheckMs },
    directory: join(dataDir, 'builds'),
    cpus: availableParallelism(),
    // At each build: certificates are replaced while the server runs.
    readCa: async () => (caFile === undefined ? undefined : await readFile(caFile, 'utf8')),
    retryMsAfter: planBuildRetryMs,
  }
}
