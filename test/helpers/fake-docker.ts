/** The Docker port in memory: images and containers are entries in maps, nothing runs unless `run` is given. */
import { randomBytes, randomUUID } from 'node:crypto'
import { bridgeLabelOf, driversLabel, networkNameOf } from '../../server/docker/egress-rules.ts'
import type { Container, ContainerSpec, ContainerUpdate, Docker, DockerImage } from '../../server/docker/port.ts'
import { requireName, requireReference, requireTag } from '../../server/docker/reference.ts'

/** How a container ends by itself. */
export interface End {
  exitCode?: number
  outOfMemory?: boolean
  /** Lines that it has printed. */
  printed?: string[]
}

/** Runs what a container would run; `end` tells that it ended by itself. Returns the function that kills it. */
export type Run = (spec: ContainerSpec, end: (how?: End) => void) => () => void

export interface FakeDocker extends Docker {
  /** Returns the id of its content. */
  addImage(reference: string, labels?: Record<string, string>): string
  /** What `pullImage` finds in the registry. */
  registry: Set<string>
  specs: Map<string, ContainerSpec>
  /** As if Docker were stopped: every call rejects until it is set back. */
  down: boolean
  /** As if the machine's rules could not be set: nothing starts with egress. */
  openToMachine: boolean
  /** The labels of networks, by name. */
  networks: Map<string, Record<string, string>>
  /** The port that is let through on each of the drivers' networks, by name. */
  openPorts: Map<string, number>
  /** This machine's address on them. */
  gateway: string
  /** Like `docker rm -f` by somebody else. */
  endContainer(id: string): void
}

interface Entry extends Container {
  running: boolean
  hostPort: number | undefined
  end: End
  kill: () => void
}

interface Listener {
  labels: Record<string, string>
  listener(id: string): void
}

const downMessage = 'Docker at unix:///fake.sock is not running: start it'

export function createFakeDocker(run: Run = () => () => undefined): FakeDocker {
  const images = new Map<string, DockerImage>()
  const containers = new Map<string, Entry>()
  const listeners = new Set<Listener>()
  let nextPort = 32768

  const carries = (has: Record<string, string>, wants: Record<string, string>) =>
    Object.entries(wants).every(([name, value]) => has[name] === value)

  function ended(entry: Entry, how: End = { exitCode: 137 }): void {
    if (!entry.running) return
    entry.running = false
    entry.end = how
    for (const { labels, listener } of listeners) if (carries(entry.labels, labels)) listener(entry.id)
  }

  function remove(id: string): void {
    const entry = containers.get(id)
    if (!entry) return
    containers.delete(id)
    entry.kill()
    ended(entry)
  }

  function store(reference: string, image: DockerImage): void {
    const name = withTag(reference)
    images.set(name, { ...image, tags: [name] })
  }

  function findImage(reference: string): DockerImage | undefined {
    const named = images.get(withTag(reference)) ?? [...images.values()].find(({ id }) => id === reference)
    if (!named) return undefined
    return { ...named, tags: [...images].filter(([, { id }]) => id === named.id).map(([name]) => name) }
  }

  function demandImage(action: string, reference: string): DockerImage {
    requireReference(reference)
    const image = findImage(reference)
    if (!image) throw new Error(`Docker could not ${action}: No such image: ${withTag(reference)}`)
    return image
  }

  const createContainer = async (spec: ContainerSpec): Promise<string> => {
    const { labels } = demandImage(`create the container ${spec.name}`, spec.dockerImage)
    if ([...containers.values()].some(({ name }) => name === spec.name)) {
      throw new Error(`Docker could not create the container ${spec.name}: Conflict. The name is already in use`)
    }
    if (spec.network !== 'none') joinNetwork(spec, spec.network)
    const id = randomUUID()
    fake.specs.set(id, spec)
    const hostPort = spec.publish && (spec.publish.hostPort || nextPort++)
    const shown = { id, name: spec.name, labels: { ...labels, ...spec.labels } }
    containers.set(id, { ...shown, running: false, hostPort, end: {}, kill: () => undefined })
    return id
  }

  function joinNetwork({ name, labels }: ContainerSpec, network: 'egress' | 'driver'): void {
    const instanceId = labels[bridgeLabelOf(network)]
    if (instanceId === undefined)
      throw new Error(`Docker could not create the container ${name}: it carries no instance`)
    if (fake.openToMachine)
      throw new Error(
        `Docker could not create the container ${name}: the network cannot be closed towards this machine`,
      )
    fake.networks.set(networkNameOf(instanceId, network), { [bridgeLabelOf(network)]: instanceId })
  }

  function openDriverNetwork(instanceId: string, port: number): string {
    if (fake.openToMachine)
      throw new Error('Docker could not open the network of event drivers: it cannot be closed towards this machine')
    const name = networkNameOf(instanceId, 'driver')
    fake.networks.set(name, { [driversLabel]: instanceId })
    fake.openPorts.set(name, port)
    return fake.gateway
  }

  function removeNetworks(labels: Record<string, string>): void {
    for (const [name, found] of fake.networks) {
      if (!carries(found, labels)) continue
      const isUsed = [...containers.values()].some(({ id, running }) => running && networkOf(id) === name)
      if (isUsed)
        throw new Error(`Docker could not remove networks: error while removing network: ${name} has active endpoints`)
      fake.networks.delete(name)
    }
  }

  /** Name of the network that the container is on. */
  function networkOf(id: string): string | undefined {
    const { network = 'none', labels = {} } = fake.specs.get(id) ?? {}
    return network === 'none' ? undefined : networkNameOf(labels[bridgeLabelOf(network)] ?? '', network)
  }

  const startContainer = async (id: string): Promise<void> => {
    const [entry, spec] = [containers.get(id), fake.specs.get(id)]
    if (!entry || !spec) throw new Error(`Docker could not start the container ${id}: No such container`)
    const network = networkOf(id)
    if (network !== undefined && !fake.networks.has(network))
      throw new Error(`Docker could not start the container ${id}: network not found`)
    entry.running = true
    entry.kill = run(spec, (how = {}) => ended(entry, { exitCode: 0, ...how }))
  }

  const updateContainer = (id: string, update: ContainerUpdate): void => {
    const spec = fake.specs.get(id)
    if (!spec) throw new Error(`Docker could not set the limits of the container ${id}: No such container`)
    fake.specs.set(id, { ...spec, ...update })
  }

  const pullImage = async (reference: string): Promise<void> => {
    requireName(reference)
    if (!fake.registry.has(reference)) throw new Error(`Docker could not pull the image ${reference}: not found`)
    fake.addImage(reference)
  }

  const tagImage = (reference: string, target: string): void => {
    requireTag(target)
    store(target, demandImage(`tag the image ${reference}`, reference))
  }

  /** Every call fails while Docker is down. */
  const whenUp =
    <A extends unknown[], R>(work: (...args: A) => R | Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (fake.down) throw new Error(downMessage)
      return await work(...args)
    }

  const fake: FakeDocker = {
    registry: new Set(),
    specs: new Map(),
    openToMachine: false,
    networks: new Map(),
    openPorts: new Map(),
    gateway: '127.0.0.1',
    down: false,
    addImage: (reference, labels = {}) => {
      const id = `sha256:${randomBytes(32).toString('hex')}`
      store(reference, { id, tags: [], labels })
      return id
    },
    endContainer: remove,
    version: whenUp(() => ({ version: '0.0.0-fake', apiVersion: '1.41' })),
    findImage: whenUp(findImage),
    pullImage: whenUp(pullImage),
    tagImage: whenUp((reference, target) => tagImage(reference, target)),
    removeImage: whenUp(reference => void images.delete(withTag(reference))),
    createContainer: whenUp(createContainer),
    startContainer: whenUp(startContainer),
    updateContainer: whenUp(updateContainer),
    removeContainer: whenUp(remove),
    listContainers: whenUp(labels =>
      [...containers.values()]
        .filter(entry => carries(entry.labels, labels))
        .map(({ id, name, labels }) => ({ id, name, labels })),
    ),
    inspectContainer: whenUp(id => {
      const entry = containers.get(id)
      if (!entry) return undefined
      const { running, hostPort, end } = entry
      const { exitCode = 0, outOfMemory = false } = end
      return { running, exitCode, outOfMemory, hostPort: running ? hostPort : undefined }
    }),
    memoryOf: whenUp(id => (containers.get(id)?.running ? 8 * 1024 ** 2 : undefined)),
    readLog: whenUp((id, maxLines) => {
      const isKept = fake.specs.get(id)?.logBytes !== undefined
      return (isKept && containers.get(id)?.end.printed?.slice(-maxLines)) || []
    }),
    openDriverNetwork: whenUp(openDriverNetwork),
    removeNetworks: whenUp(removeNetworks),
    onContainerEnd: (labels, listener) => {
      const entry = { labels, listener }
      listeners.add(entry)
      return () => listeners.delete(entry)
    },
  }
  return fake
}

const withTag = (reference: string): string =>
  reference.includes(':', reference.lastIndexOf('/') + 1) ? reference : `${reference}:latest`
