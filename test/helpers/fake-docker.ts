/** The Docker port in memory: images and containers are entries in maps, nothing runs unless `run` is given. */
import { randomBytes, randomUUID } from 'node:crypto'
import { instanceLabel, networkNameOf } from '../../server/docker/egress-rules.ts'
import type { Container, ContainerSpec, ContainerUpdate, Docker, DockerImage } from '../../server/docker/port.ts'
import { requireName, requireReference, requireTag } from '../../server/docker/reference.ts'

/** Runs what a container would run; `end` tells that it ended by itself. Returns the function that kills it. */
export type Run = (spec: ContainerSpec, end: () => void) => () => void

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
  /** Networks by name, with the instance that each belongs to. */
  networks: Map<string, string>
  /** Like `docker rm -f` by somebody else. */
  endContainer(id: string): void
}

interface Entry extends Container {
  running: boolean
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

  const carries = (has: Record<string, string>, wants: Record<string, string>) =>
    Object.entries(wants).every(([name, value]) => has[name] === value)

  function ended(entry: Entry): void {
    if (!entry.running) return
    entry.running = false
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
    if (spec.network === 'egress') joinNetwork(spec)
    const id = randomUUID()
    fake.specs.set(id, spec)
    const entry = { id, name: spec.name, labels: { ...labels, ...spec.labels }, running: false, kill: () => undefined }
    containers.set(id, entry)
    return id
  }

  function joinNetwork({ name, labels }: ContainerSpec): void {
    const instanceId = labels[instanceLabel]
    if (instanceId === undefined)
      throw new Error(`Docker could not create the container ${name}: it carries no instance`)
    if (fake.openToMachine)
      throw new Error(
        `Docker could not create the container ${name}: the network cannot be closed towards this machine`,
      )
    fake.networks.set(networkNameOf(instanceId), instanceId)
  }

  function removeNetworks(labels: Record<string, string>): void {
    for (const [name, instanceId] of fake.networks) {
      if (!carries({ [instanceLabel]: instanceId }, labels)) continue
      const isUsed = [...containers.values()].some(
        ({ id, labels, running }) =>
          running && labels[instanceLabel] === instanceId && fake.specs.get(id)?.network === 'egress',
      )
      if (isUsed)
        throw new Error(`Docker could not remove networks: error while removing network: ${name} has active endpoints`)
      fake.networks.delete(name)
    }
  }

  const startContainer = async (id: string): Promise<void> => {
    const [entry, spec] = [containers.get(id), fake.specs.get(id)]
    if (!entry || !spec) throw new Error(`Docker could not start the container ${id}: No such container`)
    if (spec.network === 'egress' && !fake.networks.has(networkNameOf(spec.labels[instanceLabel] ?? '')))
      throw new Error(`Docker could not start the container ${id}: network not found`)
    entry.running = true
    entry.kill = run(spec, () => ended(entry))
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
