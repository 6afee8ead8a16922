/** The Docker port on a real Docker, by its HTTP API; the only importer of dockerode. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Dockerode from 'dockerode'
import { dockerLabel } from '../core/docker-labels.ts'
import { createEgress, type NetworkClient } from './egress.ts'
import { bridgeLabelOf, planRulesContainer } from './egress-rules.ts'
import { dockerFailure, dockerStatusOf } from './failure.ts'
import { type DockerHost, type Environment, parseDockerHost } from './host.ts'
import { planCreateRequest } from './lockdown.ts'
import type { ContainerSpec, Docker } from './port.ts'
import { parseReference, requireName, requireReference, requireTag } from './reference.ts'
import { readPrinted, readProgress } from './stream.ts'
import { containerOf, imageOf, memoryBytesOf, networkOf, stateOf } from './translate.ts'
import { replaceTransport } from './transport.ts'
import { watchEvents } from './watch.ts'

const eventRetryMs = 500
const logTimeoutMs = 5000
const containerEvents: ['container'] = ['container']

/** Contacts nobody yet: whether Docker answers is seen at the first call. Throws when the environment names an unusable host. */
export function createDockerEngine({ env }: { env: Environment }): Docker {
  const host = parseDockerHost(env)
  const client = new Dockerode(clientOptions(host))
  replaceTransport(client.modem)

  async function demand<T>(action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (thrown) {
      throw dockerFailure(action, host.url, thrown)
    }
  }

  const egress = createEgress({ client: networkClient(client), nowMs: () => performance.now() })

  /** The name of Docker's network that stands for the kind. */
  async function joinNetwork({ network, labels, dockerImage }: ContainerSpec): Promise<string> {
    if (network === 'none') return 'none'
    const label = bridgeLabelOf(network)
    const instanceId = labels[label]
    if (instanceId === undefined)
      throw new Error(`a container with the network ${network} names its instance by the label ${label}`)
    // A driver's image may have no shell.
    return await egress.ensure(instanceId, network, network === 'egress' ? dockerImage : undefined)
  }

  /** `harmless`: statuses of Docker's answer after which all is as the caller wants it. */
  const attempt = <T>(action: string, work: () => Promise<T>, harmless: number[]): Promise<T | undefined> =>
    demand<T | undefined>(action, () =>
      work().catch(thrown => {
        if (harmless.includes(dockerStatusOf(thrown) ?? 0)) return undefined
        throw thrown
      }),
    )

  return {
    version: () =>
      demand('tell its version', async () => {
        const { Version, ApiVersion } = await client.version()
        return { version: Version, apiVersion: ApiVersion }
      }),

    findImage: async reference => {
      if (!parseReference(reference)) return undefined
      const inspect = async () => imageOf(await client.getImage(reference).inspect())
      return await attempt(`look up the image ${reference}`, inspect, [404])
    },

    pullImage: async (reference, timeoutMs) => {
      requireName(reference)
      await demand(`pull the image ${reference}`, async () => {
        const abortSignal = AbortSignal.timeout(timeoutMs)
        try {
          await readProgress(chunksOf(await client.pull(reference, { abortSignal })))
        } catch (thrown) {
          throw abortSignal.aborted ? new Error(`it took longer than ${timeoutMs / 1000} s`, { cause: thrown }) : thrown
        }
      })
    },

    tagImage: async (reference, target) => {
      requireReference(reference)
      const { name, tag = 'latest' } = requireTag(target)
      await demand(`tag the image ${reference} as ${target}`, () => client.getImage(reference).tag({ repo: name, tag }))
    },

    removeImage: async reference => {
      if (!parseReference(reference)) return
      await attempt(`remove the image ${reference}`, () => client.getImage(reference).remove(), [404])
    },

    createContainer: async spec => {
      // Docker would create one of no image.
      requireReference(spec.dockerImage)
      const create = async () => (await client.createContainer(planCreateRequest(spec, await joinNetwork(spec)))).id
      return await demand(`create the container ${spec.name}`, create)
    },

    startContainer: async id => {
      await demand(`start the container ${id}`, () => client.getContainer(id).start())
    },

    updateContainer: async (id, { memoryBytes, cpus }) => {
      const limits = {
        ...(memoryBytes !== undefined && { Memory: memoryBytes, MemorySwap: memoryBytes }),
        ...(cpus !== undefined && { NanoCpus: Math.round(cpus * 1e9) }),
      }
      await demand(`set the limits of the container ${id}`, () => client.getContainer(id).update(limits))
    },

    removeContainer: async id => {
      // 409: its removal is under way already.
      await attempt(
        `remove the container ${id}`,
        () => client.getContainer(id).remove({ force: true, v: true }),
        [404, 409],
      )
    },

    listContainers: labels =>
      demand('list containers', async () => {
        const found = await client.listContainers({ all: true, filters: { label: labelFilters(labels) } })
        return found.map(containerOf)
      }),

    inspectContainer: id =>
      attempt(`look at the container ${id}`, async () => stateOf(await client.getContainer(id).inspect()), [404]),

    memoryOf: id =>
      attempt(
        `measure the container ${id}`,
        async () => memoryBytesOf(await client.getContainer(id).stats({ stream: false, 'one-shot': true })),
        [404, 409],
      ),

    readLog: async (id, maxLines) => {
      const container = client.getContainer(id)
      const read = async () => {
        // Of one that was never started Docker would wait for the first line.
        if ((await container.inspect()).State.Status === 'created') return ''
        const abortSignal = AbortSignal.timeout(logTimeoutMs)
        const options = { follow: true as const, stdout: true, stderr: true, tail: maxLines, abortSignal }
        return await readPrinted(chunksOf(await container.logs(options)))
      }
      const printed = await attempt(`read the log of the container ${id}`, read, [404])
      return (printed ?? '').split('\n').filter(line => line.trim() !== '')
    },

    openDriverNetwork: (instanceId, port) =>
      demand('open the network of event drivers', () => egress.openDrivers(instanceId, port)),

    removeNetworks: labels => demand('remove networks', () => egress.remove(labels)),

    onContainerEnd: (labels, listener) =>
      watchEvents({
        retryMs: eventRetryMs,
        open: async abortSignal => {
          const options = {
            filters: { type: containerEvents, event: ['die'], label: labelFilters(labels) },
            abortSignal,
          }
          return chunksOf(await client.getEvents(options))
        },
        listener: event => typeof event.id === 'string' && listener(event.id),
      }),
  }
}

/** Never an `agent` among them: the client would print all of it for each request, which costs milliseconds. */
function clientOptions(host: DockerHost): Dockerode.DockerOptions {
  if (host.kind === 'unix') return { socketPath: host.socketPath }
  const { certificatesDir } = host
  if (certificatesDir === undefined) return { protocol: 'http', host: host.host, port: host.port }
  const read = (name: string) => readFileSync(join(certificatesDir, name))
  return {
    protocol: 'https',
    host: host.host,
    port: host.port,
    ca: read('ca.pem'),
    cert: read('cert.pem'),
    key: read('key.pem'),
  }
}

/** What networks need of Docker; failures are named by those who ask. */
const networkClient = (client: Dockerode): NetworkClient => ({
  find: async name => {
    try {
      return networkOf(await client.getNetwork(name).inspect())
    } catch (thrown) {
      if (dockerStatusOf(thrown) === 404) return undefined
      throw thrown
    }
  },

  list: async labels => (await client.listNetworks({ filters: { label: labelFilters(labels) } })).map(networkOf),

  create: async request => void (await client.createNetwork(request)),

  remove: async name => {
    await client.getNetwork(name).remove().catch(unlessAbsent)
  },

  runRules: async run => {
    const request = planRulesContainer(run)
    const remove = (id: string) => client.getContainer(id).remove({ force: true, v: true }).catch(unlessAbsent)
    await remove(request.name)
    const container = await client.createContainer(request)
    try {
      await container.start()
      const { StatusCode } = await container.wait()
      if (StatusCode === 0) return
      const printed = String(await container.logs({ stdout: true, stderr: true }))
      throw new Error(printed.trim() || `it ended with ${StatusCode}`)
    } finally {
      await remove(container.id)
    }
  },

  findRuntimeImage: async () => (await client.listImages({ filters: { label: [dockerLabel('language')] } }))[0]?.Id,
})

function unlessAbsent(thrown: unknown): undefined {
  if (dockerStatusOf(thrown) !== 404) throw thrown
}

const labelFilters = (labels: Record<string, string>): string[] =>
  Object.entries(labels).map(([name, value]) => `${name}=${value}`)

async function* chunksOf(stream: NodeJS.ReadableStream): AsyncIterable<Uint8Array | string> {
  for await (const chunk of stream) yield chunk
}
