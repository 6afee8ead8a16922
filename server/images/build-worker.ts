/** Builds on a runtime of ours: its own programs install what is asked for in one container, which becomes the Docker image. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { buildsLabel } from '../core/docker-labels.ts'
import {
  type BuildLimits,
  type BuildSettings,
  labelsOfBuild,
  planBuildContainer,
  renderBuildFiles,
} from './build-container.ts'
import type { WorkerDocker } from './build-docker.ts'
import { BuildFailure } from './build-failure.ts'
import type { Build, BuildTools } from './builds.ts'
import type { BuildRequest } from './content.ts'

export interface WorkerBuildOptions {
  docker: WorkerDocker
  instanceId: string
  /** Of this server alone. */
  directory: string
  nodePath: string
  cpus: number
  limits: BuildLimits
  settings: BuildSettings
  /** PEM file of this machine with certificates that packages' servers are known by. */
  readCa(): Promise<string | undefined>
  /** Names the content in Docker. */
  referenceOf(request: BuildRequest): string
  /** Between two looks at how much disk a build has taken. */
  diskCheckMs: number
}

const mebibytesOf = (bytes: number): number => Math.round(bytes / 1024 / 1024)

type End = { by: 'itself'; exitCode: number; outOfMemory: boolean } | { by: 'disk' }

export interface WorkerBuilder {
  build: Build
  /** Removes what a former life of the server has left. To be awaited before the first build: it takes the files of all. */
  sweep(): Promise<void>
}

export function createWorkerBuilder(options: WorkerBuildOptions): WorkerBuilder {
  const { docker, instanceId, limits } = options
  const current = new Set<string>()
  let count = 0

  /** Those of a former life, and those that Docker made without telling. */
  async function removeStrangers(): Promise<void> {
    const found = await docker.listContainers({ [buildsLabel]: instanceId })
    const strangers = found.filter(({ name }) => !current.has(name))
    await Promise.all(strangers.map(({ id }) => docker.removeContainer(id)))
  }

  async function placeFiles(request: BuildRequest): Promise<string> {
    await mkdir(options.directory, { recursive: true, mode: 0o700 })
    const filesDir = await mkdtemp(join(options.directory, 'build-'))
    const files = renderBuildFiles(request, { settings: options.settings, caPem: await options.readCa() })
    for (const [name, content] of Object.entries(files)) await writeFile(join(filesDir, name), content)
    return filesDir
  }

  async function watchDisk(id: string, signal: AbortSignal): Promise<End> {
    while (((await docker.writableBytes(id)) ?? 0) <= limits.diskBytes)
      await pause(options.diskCheckMs, undefined, { signal })
    return { by: 'disk' }
  }

  async function runToEnd(id: string, { onLine, signal }: BuildTools): Promise<End> {
    const ended = new AbortController()
    const either = AbortSignal.any([signal, ended.signal])
    await docker.startContainer(id)
    const followed = docker.followLog(id, onLine, signal)
    // Until it is waited for.
    followed.catch(() => undefined)
    const waited = docker.waitContainer(id, either).then(end => ({ by: 'itself' as const, ...end }))
    const end = await Promise.race([waited, watchDisk(id, either)]).finally(() => ended.abort())
    if (end.by === 'itself') await followed
    return end
  }

  function judge(end: End): void {
    if (end.by === 'disk')
      throw new BuildFailure(`the packages need more than the ${mebibytesOf(limits.diskBytes)} MiB of build-disk`)
    if (end.outOfMemory)
      throw new BuildFailure(`it needs more than the ${mebibytesOf(limits.memoryBytes)} MiB of build-memory`)
    if (end.exitCode !== 0) throw new BuildFailure(`its last step ended with exit code ${end.exitCode}`)
  }

  async function commit(id: string, request: BuildRequest, signal: AbortSignal): Promise<void> {
    const reference = options.referenceOf(request)
    signal.throwIfAborted()
    await docker.commitContainer(id, { reference, labels: labelsOfBuild(instanceId, request) })
    if (!signal.aborted) return
    await docker.removeImage(reference)
    throw signal.reason
  }

  async function buildIn(name: string, request: BuildRequest, tools: BuildTools): Promise<void> {
    const { memoryBytes } = limits
    const filesDir = await placeFiles(request)
    const place = { name, instanceId, filesDir, memoryBytes, cpus: options.cpus, nodePath: options.nodePath }
    let id: string | undefined
    try {
      id = await docker.createContainer(planBuildContainer(request, place))
      tools.signal.throwIfAborted()
      judge(await runToEnd(id, tools))
      await commit(id, request, tools.signal)
    } finally {
      if (id !== undefined) await docker.removeContainer(id)
      await rm(filesDir, { recursive: true, force: true })
    }
  }

  return {
    sweep: async () => {
      await rm(options.directory, { recursive: true, force: true })
      await removeStrangers()
    },
    build: async (request, tools) => {
      await removeStrangers()
      count += 1
      const name = `dispatch-build-${instanceId.slice(0, 8)}-${request.hash.slice(0, 12)}-${count}`
      current.add(name)
      await buildIn(name, request, tools).finally(() => current.delete(name))
    },
  }
}
