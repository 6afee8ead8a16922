/** Docker in our words: what the engine and the image reconcilers need of it, and nothing more. */
import type { NetworkKind } from '../core/execution.ts'

export interface DockerImage {
  id: string
  tags: string[]
  labels: Record<string, string>
  /** Of containers that set none; empty in lists. */
  env: Record<string, string>
  /** Of all its layers, those that it shares with others too. */
  bytes: number
  /** Unix milliseconds. */
  createdMs: number
}

export interface Mount {
  hostPath: string
  path: string
  readOnly: boolean
}

/**
 * `driver`: as `egress`, on a network of its own, from which the one port of this machine is reached that was opened there; to be
 * opened before. `foreign`: as `egress`, on a network of its own, on which this machine reaches the ports 8080 and 9000 of containers.
 * `closed`: the same without any way out.
 */
export type ContainerNetwork = NetworkKind | 'driver' | 'foreign' | 'closed'

/** A TCP port of the container that is reached on an address of this machine. */
export interface PublishedPort {
  port: number
  /** 0.0.0.0: on all of them. */
  hostAddress: string
  /** 0: a free one. */
  hostPort: number
}

/**
 * What a container may do; no process gets more rights than it began with, and memory, cores and processes are bounded, in all of
 * them. `function`: nobody's user, no capability, read-only root, tmpfs on /tmp. `build`: root, with what package managers need to
 * write files of any owner. `foreign`: the user of its image, who may write to the container's own files.
 */
export type ContainerProfile = 'function' | 'build' | 'foreign'

export interface ContainerSpec {
  name: string
  /** `function` when absent. */
  profile?: ContainerProfile
  dockerImage: string
  /** Empty: the command of the Docker image. With the profile `build` it stands for the image's entrypoint too. */
  command: string[]
  env: Record<string, string>
  labels: Record<string, string>
  mounts: Mount[]
  memoryBytes: number
  cpus: number
  maxProcesses: number
  network: ContainerNetwork
  publish?: PublishedPort
  /** How much of what it prints is kept; nothing when absent. */
  logBytes?: number
}

/** Absent: left as it is. */
export interface ContainerUpdate {
  memoryBytes?: number
  cpus?: number
  maxProcesses?: number
}

export interface Container {
  id: string
  name: string
  labels: Record<string, string>
}

export interface ContainerState {
  running: boolean
  /** Of its last end. */
  exitCode: number
  outOfMemory: boolean
  /** Where its published port is reached; while it runs. */
  hostPort: number | undefined
  /** On its network, if it has one; while it runs. */
  address: string | undefined
}

/** `outOfMemory`: a process of it was killed because it wanted more than the limit. */
export type ContainerEnd = Pick<ContainerState, 'exitCode' | 'outOfMemory'>

export type OutputStream = 'stdout' | 'stderr'

/** Lines are whole, without their end; of one that is longer than 8 KiB the beginning is told. */
export type OutputListener = (stream: OutputStream, line: string) => void

export interface Commit {
  /** Name of the new image. An image that had it before keeps all its other names. */
  reference: string
  /** Beside those of the container's image. */
  labels: Record<string, string>
}

export interface Credentials {
  username: string
  password: string
}

export interface Pull {
  timeoutMs: number
  /** For the registry of the image. */
  credentials?: Credentials | undefined
  /** Of its layers, as they are sent; an image with more is given up as soon as that is known. */
  maxBytes?: number
}

/** What a Docker image is built of. */
export interface ImageBuild {
  /** A tar with its Dockerfile; its end may be missing. */
  context: AsyncIterable<Buffer> | Buffer
  /** Name of the new image. */
  reference: string
  args: Record<string, string>
  /** Beside those of the Dockerfile, which they override. */
  labels: Record<string, string>
  /** Of its programs: that of the instance's functions, or none. */
  network: NetworkKind
  instanceId: string
  memoryBytes: number
  cpus: number
  /** Gets what Docker says, and what programs print. */
  onLine: OutputListener
  signal: AbortSignal
}

/** The Dockerfile, or a program that it runs, is at fault: Docker's words, and what was printed since the last step began. */
export class BuildError extends Error {
  override readonly name = 'BuildError'
}

export interface DockerImages {
  /** By name or by id (`sha256:...`). Undefined also for what is no reference: no image can have it. */
  findImage(reference: string): Promise<DockerImage | undefined>
  /** All that carry each of the labels, those without a name too. */
  listImages(labels: Record<string, string>): Promise<DockerImage[]>
  /** Reads the whole pull stream, so that an error inside it rejects too. Rejects with `invalid reference "..."` when it is none. */
  pullImage(reference: string, pull: Pull): Promise<void>
  /**
   * Of an archive as `docker save` writes it; resolves with the names of what it held, ids of what had none. An image that had one of
   * the names before loses it.
   */
  loadImages(archive: AsyncIterable<Buffer>): Promise<string[]>
  /** Bytes of the layers of all images on this machine, each once. */
  imageDisk(): Promise<number>
  tagImage(reference: string, target: string): Promise<void>
  /**
   * By name: takes the name away, and the last one with the image. By id: removes the image with all its names. False, and nothing has
   * changed, when a container is of an image that would go, running or not. Images that are built on others never lose anything: what
   * others are built on goes with the last of them, or, in Docker's older store, is not removed by id.
   */
  removeImage(reference: string): Promise<boolean>
}

export interface DockerBuilds {
  /**
   * By Docker's own builder; resolves with the id. Rejects with BuildError when what is built is at fault. Steps are kept as long as a
   * named image has them: neither a failure nor success leaves images without a name, or containers.
   */
  buildImage(build: ImageBuild): Promise<string>
}

export interface DockerFolders {
  /**
   * A tar of a folder of an image, whose entries begin with the folder's own name; undefined when there is no such folder. Rejects
   * with BuildError when it has more than 64 MiB, or when the path is none.
   */
  readFolder(dockerImage: string, path: string): Promise<AsyncIterable<Buffer> | undefined>
}

export interface DockerContainers {
  /**
   * With a network, which needs the label of the instance: on the instance's own network, made when it is not there.
   * Rejects when that cannot be closed towards this machine.
   */
  createContainer(spec: ContainerSpec): Promise<string>
  startContainer(id: string): Promise<void>
  /** Sets other limits on a container, running or not. */
  updateContainer(id: string, update: ContainerUpdate): Promise<void>
  /** Kills and removes; harmless when absent. */
  removeContainer(id: string): Promise<void>
  /** All containers, running or not, that carry each of the labels. */
  listContainers(labels: Record<string, string>): Promise<Container[]>
  /** Undefined when it is not there. */
  inspectContainer(id: string): Promise<ContainerState | undefined>
  /** Resolves when one that was started has ended, at once when it has; rejects when it is not there, or when the signal aborts. */
  waitContainer(id: string, signal: AbortSignal): Promise<ContainerEnd>
  /** Bytes of memory that it needs now, without the file cache; undefined when it does not run, or Docker cannot tell. */
  memoryOf(id: string): Promise<number | undefined>
  /** Bytes of files that it has written in its own root; undefined when it is not there. */
  writableBytes(id: string): Promise<number | undefined>
  /** The last lines that a container has printed which keeps a log and does not run; none when it is not there or was half removed. */
  readLog(id: string, maxLines: number): Promise<string[]>
  /**
   * Tells the lines of a container that keeps a log, from its first one on; resolves when it has ended, rejects when it is not there,
   * or when the signal aborts. Of what is printed faster than it is read, what no longer fits into the log is missing.
   */
  followLog(id: string, onLine: OutputListener, signal: AbortSignal): Promise<void>
  /**
   * Makes an image of the files of a container that does not run, and resolves with its id. Command, environment, user and labels are
   * those of the container's image; of labels and variables that the container alone has, the names stay, with empty values.
   */
  commitContainer(id: string, commit: Commit): Promise<string>
  /**
   * Calls the listener for each container with the labels that ends; reconnects by itself, and tells then what it has missed.
   * Returns the function that stops it.
   */
  onContainerEnd(labels: Record<string, string>, listener: (id: string) => void): () => void
}

export interface DockerNetworks {
  /**
   * Makes the network of an instance's drivers where it is not there, lets the TCP port through to this machine's address on it, and
   * resolves with that address.
   */
  openDriverNetwork(instanceId: string, port: number): Promise<string>
  /** Removes the networks with the labels; harmless when there is none. Rejects while containers are on them. */
  removeNetworks(labels: Record<string, string>): Promise<void>
}

export interface Docker extends DockerImages, DockerBuilds, DockerFolders, DockerContainers, DockerNetworks {
  /** Resolves with Docker's version when it answers; rejects with a message that says what to do when it does not. */
  version(): Promise<{ version: string; apiVersion: string }>
}
