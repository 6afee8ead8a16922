/** Images that Docker's own builder makes, by its HTTP API. */
import { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { type BuildReader, createBuildReader } from './build-output.ts'
import { chunksOf, type DockerClient } from './client.ts'
import type { Egress } from './egress.ts'
import { dockerStatusOf, reasonOf } from './failure.ts'
import { BuildError, type DockerBuilds, type ImageBuild } from './port.ts'
import { requireTag } from './reference.ts'
import { readJsonLines } from './stream.ts'

/** Of what a build leaves; one that was given up takes a while to end. */
const maxRemovals = 40
const removalPauseMs = 250
/** Of the scheduler; its usual value. */
const cpuPeriodUs = 100_000

export function createBuilds({ api, demand }: DockerClient, egress: Egress): DockerBuilds {
  const listNameless = async (): Promise<string[]> =>
    (await api.listImages({ filters: { dangling: ['true'] } })).map(({ Id }) => Id)

  async function planRequest(build: ImageBuild) {
    const { reference, args, labels, network, instanceId, memoryBytes, cpus, signal } = build
    return {
      t: reference,
      buildargs: args,
      labels,
      networkmode: network === 'none' ? 'none' : await egress.ensure(instanceId, network),
      memory: memoryBytes,
      memswap: memoryBytes,
      cpuperiod: cpuPeriodUs,
      cpuquota: cpus * cpuPeriodUs,
      // What another build has just found might be what this one, when it fails, takes away.
      nocache: true,
      rm: true,
      forcerm: true,
      abortSignal: signal,
    }
  }

  async function run(build: ImageBuild, reader: BuildReader): Promise<void> {
    build.signal.throwIfAborted()
    const request = await planRequest(build)
    const context = Readable.from(Buffer.isBuffer(build.context) ? [build.context] : build.context)
    try {
      await readJsonLines(chunksOf(await api.buildImage(context, request)), reader.read)
    } catch (thrown) {
      build.signal.throwIfAborted()
      // An answer with a status is about what is to be built.
      throw dockerStatusOf(thrown) === undefined ? thrown : new BuildError(reasonOf(thrown), { cause: thrown })
    }
  }

  /** False while a container is of one of them: one of a build that was given up goes soon. */
  async function removeAll(ids: string[]): Promise<boolean> {
    const removed = await Promise.all(
      ids.map(id =>
        api
          .getImage(id)
          .remove()
          .then(() => true, isGone),
      ),
    )
    return removed.every(Boolean)
  }

  /** What the steps of a build that failed, or had several stages, leave without a name. No other build uses it. */
  async function removeLeft(wasNameless: ReadonlySet<string>, reader: BuildReader): Promise<void> {
    for (let attempt = 1; attempt <= maxRemovals; attempt++) {
      const left = (await listNameless()).filter(id => !wasNameless.has(id) && reader.hasStep(id))
      if (await removeAll(left)) return
      await setTimeout(removalPauseMs)
    }
  }

  async function buildImage(build: ImageBuild): Promise<string> {
    requireTag(build.reference)
    const reader = createBuildReader(build.onLine)
    const wasNameless = new Set(await listNameless())
    await run(build, reader).finally(() => removeLeft(wasNameless, reader))
    const failure = reader.failure()
    if (failure !== undefined) throw new BuildError(failure)
    return reader.id() ?? (await api.getImage(build.reference).inspect()).Id
  }

  return { buildImage: build => demand(`build the image ${build.reference}`, () => buildImage(build)) }
}

function isGone(thrown: unknown): boolean {
  const status = dockerStatusOf(thrown)
  if (status !== 404 && status !== 409) throw thrown
  return status === 404
}
