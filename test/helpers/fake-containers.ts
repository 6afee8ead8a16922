/** Docker's containers in memory: nothing runs unless `run` is given. */
import { randomUUID } from 'node:crypto'
import type {
  Container,
  ContainerEnd,
  ContainerSpec,
  DockerContainers,
  OutputListener,
  OutputStream,
} from '../../server/docker/port.ts'
import { requireTag } from '../../server/docker/reference.ts'
import { carries, type FakeImages } from './fake-images.ts'
import { type NetworkJoiner, networkOf } from './fake-networks.ts'

/** How a container ends by itself. */
export interface End {
  exitCode?: number
  outOfMemory?: boolean
  /** Lines that it has printed last, on stdout. */
  printed?: string[]
}

/**
 * Runs what a container would run; `end` tells that it ended by itself, `print` that it printed a line. Returns the function that
 * kills it.
 */
export type Run = (spec: ContainerSpec, end: (how?: End) => void, print: OutputListener) => () => void

export interface FakeContainers extends DockerContainers {
  specs: Map<string, ContainerSpec>
  /** Like `docker rm -f` by somebody else. */
  endContainer(id: string): void
  usesImage(imageId: string): boolean
  isOnNetwork(name: string): boolean
}

interface Entry extends Container {
  imageId: string
  running: boolean
  hostPort: number | undefined
  end: ContainerEnd
  printed: [OutputStream, string][]
  followers: Set<OutputListener>
  kill: () => void
  /** Settles at its next end. */
  ended: PromiseWithResolvers<void>
}

interface Listener {
  labels: Record<string, string>
  listener(id: string): void
}

export interface FakeContainerOptions {
  images: FakeImages
  networks: NetworkJoiner
  run?: Run
}

const nothing: Run = () => () => undefined

export function createFakeContainers({ images, networks, run = nothing }: FakeContainerOptions): FakeContainers {
  const containers = new Map<string, Entry>()
  const specs = new Map<string, ContainerSpec>()
  const listeners = new Set<Listener>()
  let nextPort = 32768

  function demand(action: string, id: string): { entry: Entry; spec: ContainerSpec } {
    const [entry, spec] = [containers.get(id), specs.get(id)]
    if (!entry || !spec) throw new Error(`Docker could not ${action} the container ${id}: No such container`)
    return { entry, spec }
  }

  function print({ printed, followers }: Entry, stream: OutputStream, line: string): void {
    printed.push([stream, line])
    for (const follower of followers) follower(stream, line)
  }

  function tellEnd(entry: Entry, { exitCode = 0, outOfMemory = false, printed = [] }: End): void {
    if (!entry.running) return
    for (const line of printed) print(entry, 'stdout', line)
    Object.assign(entry, { running: false, end: { exitCode, outOfMemory } })
    entry.ended.resolve()
    for (const { labels, listener } of listeners) if (carries(entry.labels, labels)) listener(entry.id)
  }

  function remove(id: string): void {
    const entry = containers.get(id)
    if (!entry) return
    containers.delete(id)
    entry.kill()
    tellEnd(entry, { exitCode: 137 })
  }

  function create(spec: ContainerSpec): string {
    const image = images.demandImage(`create the container ${spec.name}`, spec.dockerImage)
    if ([...containers.values()].some(({ name }) => name === spec.name)) {
      throw new Error(`Docker could not create the container ${spec.name}: Conflict. The name is already in use`)
    }
    networks.join(spec)
    const id = randomUUID()
    specs.set(id, spec)
    containers.set(id, {
      id,
      name: spec.name,
      labels: { ...image.labels, ...spec.labels },
      imageId: image.id,
      running: false,
      hostPort: spec.publish && (spec.publish.hostPort || nextPort++),
      end: { exitCode: 0, outOfMemory: false },
      printed: [],
      followers: new Set(),
      kill: () => undefined,
      ended: Promise.withResolvers(),
    })
    return id
  }

  function start(id: string): void {
    const { entry, spec } = demand('start', id)
    networks.demand(id, spec)
    Object.assign(entry, { running: true, ended: Promise.withResolvers() })
    entry.kill = run(
      spec,
      (how = {}) => tellEnd(entry, how),
      (stream, line) => print(entry, stream, line),
    )
  }

  /** Until it has ended. */
  async function settle(entry: Entry, signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<never>()
    signal.addEventListener('abort', () => aborted.reject(signal.reason))
    signal.throwIfAborted()
    await Promise.race([entry.running ? entry.ended.promise : undefined, aborted.promise])
  }

  return {
    specs,
    endContainer: remove,
    usesImage: imageId => [...containers.values()].some(entry => entry.imageId === imageId),
    isOnNetwork: name =>
      [...containers.values()].some(({ id, running }) => {
        const spec = specs.get(id)
        return running && spec !== undefined && networkOf(spec) === name
      }),
    createContainer: async spec => create(spec),
    startContainer: async id => start(id),
    updateContainer: async (id, update) => {
      specs.set(id, { ...demand('set the limits of', id).spec, ...update })
    },
    removeContainer: async id => remove(id),
    listContainers: async labels =>
      [...containers.values()]
        .filter(entry => carries(entry.labels, labels))
        .map(({ id, name, labels }) => ({ id, name, labels })),
    inspectContainer: async id => {
      const entry = containers.get(id)
      if (!entry) return undefined
      const { running, end, hostPort } = entry
      const isReached = running && specs.get(id)?.network !== 'none'
      const address = isReached ? '127.0.0.1' : undefined
      return { running, ...end, hostPort: running ? hostPort : undefined, address }
    },
    waitContainer: async (id, signal) => {
      const { entry } = demand('wait for', id)
      await settle(entry, signal)
      return entry.end
    },
    memoryOf: async id => (containers.get(id)?.running ? 8 * 1024 ** 2 : undefined),
    writableBytes: async id => (containers.has(id) ? 4096 : undefined),
    readLog: async (id, maxLines) => {
      const isKept = specs.get(id)?.logBytes !== undefined
      return (
        (isKept &&
          containers
            .get(id)
            ?.printed.slice(-maxLines)
            .map(([, line]) => line)) ||
        []
      )
    },
    followLog: async (id, onLine, signal) => {
      const { entry } = demand('follow the log of', id)
      for (const [stream, line] of entry.printed) onLine(stream, line)
      entry.followers.add(onLine)
      await settle(entry, signal).finally(() => entry.followers.delete(onLine))
    },
    commitContainer: async (id, { reference, labels }) => {
      requireTag(reference)
      const { entry } = demand('make an image of', id)
      const own = images.demandImage('find', entry.imageId).labels
      const emptied = Object.fromEntries(Object.keys(entry.labels).map(name => [name, '']))
      return images.addImage(reference, { ...emptied, ...own, ...labels }, entry.imageId)
    },
    onContainerEnd: (labels, listener) => {
      const entry = { labels, listener }
      listeners.add(entry)
      return () => listeners.delete(entry)
    },
  }
}
