/** Docker's containers, by its HTTP API. */
import { chunksOf, type DockerClient, labelFilters } from './client.ts'
import { planCommit } from './commit.ts'
import type { Egress } from './egress.ts'
import { instanceOf } from './egress-rules.ts'
import { planCreateRequest } from './lockdown.ts'
import type { ContainerSpec, DockerContainers } from './port.ts'
import { createLineSplitter, createTimedWriters, readFrames, readPrinted } from './printed.ts'
import { requireReference, requireTag } from './reference.ts'
import { containerOf, memoryBytesOf, stateOf, writableBytesOf } from './translate.ts'
import { watchEvents } from './watch.ts'

const eventRetryMs = 500
const logTimeoutMs = 5000
const maxLinesAtEnd = 1000
const measureTimeoutMs = 60_000
const containerEvents: ['container'] = ['container']

export function createContainers({ api, demand, attempt }: DockerClient, egress: Egress): DockerContainers {
  /** The name of Docker's network that stands for the kind. */
  async function joinNetwork({ network, labels }: ContainerSpec): Promise<string> {
    if (network === 'none') return 'none'
    return await egress.ensure(instanceOf(labels, network), network)
  }

  const inspect = (id: string) =>
    attempt(`look at the container ${id}`, async () => stateOf(await api.getContainer(id).inspect()), [404])

  return {
    createContainer: async spec => {
      // Docker would create one of no image.
      requireReference(spec.dockerImage)
      const create = async () => (await api.createContainer(planCreateRequest(spec, await joinNetwork(spec)))).id
      return await demand(`create the container ${spec.name}`, create)
    },

    startContainer: async id => {
      await demand(`start the container ${id}`, () => api.getContainer(id).start())
    },

    updateContainer: async (id, { memoryBytes, cpus, maxProcesses }) => {
      const limits = {
        ...(memoryBytes !== undefined && { Memory: memoryBytes, MemorySwap: memoryBytes }),
        ...(cpus !== undefined && { NanoCpus: Math.round(cpus * 1e9) }),
        ...(maxProcesses !== undefined && { PidsLimit: maxProcesses }),
      }
      await demand(`set the limits of the container ${id}`, () => api.getContainer(id).update(limits))
    },

    removeContainer: async id => {
      // 409: its removal is under way already.
      await attempt(
        `remove the container ${id}`,
        () => api.getContainer(id).remove({ force: true, v: true }),
        [404, 409],
      )
    },

    listContainers: labels =>
      demand('list containers', async () => {
        const found = await api.listContainers({ all: true, filters: { label: labelFilters(labels) } })
        return found.map(containerOf)
      }),

    inspectContainer: inspect,

    waitContainer: async (id, signal) => {
      const wait = () => api.getContainer(id).wait({ condition: 'not-running', abortSignal: signal })
      const { StatusCode: exitCode } = await demand(`wait for the container ${id}`, wait)
      const { outOfMemory = false } = (await inspect(id)) ?? {}
      return { exitCode, outOfMemory }
    },

    memoryOf: id =>
      attempt(
        `measure the container ${id}`,
        async () => memoryBytesOf(await api.getContainer(id).stats({ stream: false, 'one-shot': true })),
        [404, 409],
      ),

    writableBytes: id =>
      attempt(`measure the files of the container ${id}`, async () => {
        const options = { size: true, abortSignal: AbortSignal.timeout(measureTimeoutMs) }
        return writableBytesOf(await api.getContainer(id).inspect(options))
      }, [404]),

    readLog: async (id, maxLines) => {
      const container = api.getContainer(id)
      const read = async () => {
        // Of one that was never started Docker would wait for the first line.
        if ((await container.inspect()).State.Status === 'created') return ''
        const abortSignal = AbortSignal.timeout(logTimeoutMs)
        const options = { follow: true as const, stdout: true, stderr: true, tail: maxLines, abortSignal }
        return await readPrinted(chunksOf(await container.logs(options)))
      }
      // 409: Docker began to remove it and did not come to the end; a power cut leaves such.
      const printed = await attempt(`read the log of the container ${id}`, read, [404, 409])
      return (printed ?? '').split('\n').filter(line => line.trim() !== '')
    },

    followLog: (id, onLine, signal) =>
      demand(`follow the log of the container ${id}`, async () => {
        const container = api.getContainer(id)
        const options = { stdout: true, stderr: true, timestamps: true, abortSignal: signal }
        const lines = createLineSplitter(onLine)
        const { first, rest } = createTimedWriters(lines.write)
        await readFrames(chunksOf(await container.logs({ ...options, follow: true as const })), first)
        // Docker 20.10 ends a log that is followed before it has told the last lines.
        const end = await container.logs({ ...options, follow: false as const, tail: maxLinesAtEnd })
        await readFrames([end], rest)
        lines.end()
      }),

    commitContainer: async (id, { reference, labels }) => {
      const { name: repo, tag = 'latest' } = requireTag(reference)
      const container = api.getContainer(id)
      return await demand(`make an image of the container ${id}`, async () => {
        const { Image, Config } = await container.inspect()
        const { Config: own } = await api.getImage(Image).inspect()
        const query = { container: id, repo, tag, pause: false }
        const { Id } = await container.commit({ _query: query, _body: planCommit(own, Config, labels) })
        return String(Id)
      })
    },

    onContainerEnd: (labels, listener) =>
      watchEvents({
        retryMs: eventRetryMs,
        nowMs: Date.now,
        open: async (abortSignal, since) => {
          const options = {
            filters: { type: containerEvents, event: ['die'], label: labelFilters(labels) },
            abortSignal,
            ...(since !== undefined && { since }),
          }
          return chunksOf(await api.getEvents(options))
        },
        listener: event => typeof event.id === 'string' && listener(event.id),
      }),
  }
}
