/** What builds images, wired: one builder for each contract, behind the builds that images want. */
import type { Clock } from './core/clock.ts'
import { msOf } from './core/clock.ts'
import { messageOf } from './core/errors.ts'
import type { Contract } from './core/execution.ts'
import type { Log } from './core/ports.ts'
import type { Docker } from './docker/port.ts'
import type { BuildLimits, BuildSettings } from './images/build-container.ts'
import type { BuildLog } from './images/build-log.ts'
import { createTemplateBuild } from './images/build-template.ts'
import { createWorkerBuilder } from './images/build-worker.ts'
import { type Build, type Builds, createBuilds } from './images/builds.ts'
import type { BuildRequest } from './images/content.ts'
import type { ContentNames } from './images/names.ts'
import { supervise } from './images/supervise.ts'

export interface BuildOptions {
  /** Names this server's builds among all of one Docker. */
  instanceId: string
  /** Of this server alone, for what installers read. */
  directory: string
  /** Node binary that is mounted where a runtime needs one. */
  nodePath: string
  cpus: number
  /** How many run at the same time. */
  atOnce: number
  limits: BuildLimits
  settings: BuildSettings
  /** PEM text of the certificates that servers of packages are known by; undefined: by those of the image. */
  readCa(): Promise<string | undefined>
  /** `failures`: in a row, at least 1. */
  retryMsAfter(failures: number): number
  /** Between two looks at how much disk a build has taken. */
  diskCheckMs: number
}

export interface ImageBuildParts {
  options: BuildOptions
  docker: Docker
  names: ContentNames
  clock: Clock
  log: Log
  buildLog: BuildLog
  wake(key: string): void
}

export interface ImageBuilds extends Builds {
  /** Removes what a former life of the server has left of its builds. To be awaited before the first one. Never rejects. */
  sweep(): Promise<void>
}

export function createImageBuilds({
  options,
  docker,
  names,
  clock,
  log,
  buildLog,
  wake,
}: ImageBuildParts): ImageBuilds {
  const { atOnce, retryMsAfter } = options
  /** A name of its own keeps a content that functions are on, when the name of its image has moved on to another one. */
  const referenceOf = ({ hash }: BuildRequest) => names.built(hash)
  const worker = createWorkerBuilder({ ...options, docker, referenceOf })
  const byContract: Record<Contract, Build> = {
    worker: worker.build,
    http: createTemplateBuild({ ...options, docker, referenceOf }),
  }
  const build = supervise((request, tools) => byContract[request.contract](request, tools), options.limits.timeoutMs)
  const builds = createBuilds({ build, log: buildLog, wake, atOnce, retryMsAfter, nowMs: () => msOf(clock.nowNs()) })
  return {
    ...builds,
    sweep: () =>
      worker.sweep().catch(thrown => {
        const text = 'could not remove what builds have left; it is tried again with the next one'
        log.warn({ cause: messageOf(thrown) }, text)
      }),
  }
}
