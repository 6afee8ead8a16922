/** The Docker port in memory: images and containers are entries in maps, nothing runs unless `run` is given. */
import type { Credentials, Docker } from '../../server/docker/port.ts'
import { createFakeBuilds } from './fake-builds.ts'
import { createFakeContainers, type FakeContainers, type Run } from './fake-containers.ts'
import { createFakeImages } from './fake-images.ts'
import { createFakeNetworks, type FakeNetworks } from './fake-networks.ts'

export interface FakeDocker extends Docker, Pick<FakeContainers, 'specs' | 'endContainer'>, FakeNetworks {
  /** Returns the id of its content. */
  addImage(reference: string, labels?: Record<string, string>): string
  /** What `readFolder` finds in an image. */
  addFolder(dockerImage: string, path: string, tar: Buffer): void
  /** What `pullImage` finds in the registry. */
  registry: Set<string>
  /** What the registry wants for some of that. */
  guarded: Map<string, Credentials>
  /** As if Docker were stopped: every call rejects until it is set back. */
  down: boolean
}

const downMessage = 'Docker at unix:///fake.sock is not running: start it'

export function createFakeDocker(run?: Run): FakeDocker {
  // Who asks for a container's image does so later than all of them are there.
  const isUsed = (imageId: string): boolean => containers.usesImage(imageId)
  const images = createFakeImages(isUsed)
  const state: FakeNetworks = { openToMachine: false, networks: new Map(), openPorts: new Map(), gateway: '127.0.0.1' }
  const builds = createFakeBuilds(images)
  const networks = createFakeNetworks(state)
  const containers = createFakeContainers({ images, networks, ...(run && { run }) })

  /** Every call fails while Docker is down. */
  const whenUp =
    <A extends unknown[], R>(work: (...args: A) => R | Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (fake.down) throw new Error(downMessage)
      return await work(...args)
    }

  const fake: FakeDocker = Object.assign(state, {
    registry: images.registry,
    guarded: images.guarded,
    specs: containers.specs,
    down: false,
    addImage: images.addImage,
    addFolder: builds.addFolder,
    endContainer: containers.endContainer,
    version: whenUp(() => ({ version: '0.0.0-fake', apiVersion: '1.41' })),
    findImage: whenUp(images.findImage),
    listImages: whenUp(images.listImages),
    pullImage: whenUp(images.pull),
    loadImages: whenUp(images.load),
    imageDisk: whenUp(images.imageDisk),
    tagImage: whenUp(images.tagImage),
    removeImage: whenUp(images.removeImage),
    buildImage: whenUp(builds.buildImage),
    readFolder: whenUp(builds.readFolder),
    createContainer: whenUp(containers.createContainer),
    startContainer: whenUp(containers.startContainer),
    updateContainer: whenUp(containers.updateContainer),
    removeContainer: whenUp(containers.removeContainer),
    listContainers: whenUp(containers.listContainers),
    inspectContainer: whenUp(containers.inspectContainer),
    waitContainer: whenUp(containers.waitContainer),
    memoryOf: whenUp(containers.memoryOf),
    writableBytes: whenUp(containers.writableBytes),
    readLog: whenUp(containers.readLog),
    followLog: whenUp(containers.followLog),
    commitContainer: whenUp(containers.commitContainer),
    onContainerEnd: containers.onContainerEnd,
    openDriverNetwork: whenUp(networks.openDriverNetwork),
    removeNetworks: whenUp((labels: Record<string, string>) => networks.remove(labels, containers.isOnNetwork)),
  })
  return fake
}
