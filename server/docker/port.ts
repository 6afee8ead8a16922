/** Docker in our words: what the engine and the image reconcilers need of it, and nothing more. */
import type { NetworkKind } from '../core/execution.ts'

export interface DockerImage {
  id: string
  tags: string[]
  labels: Record<string, string>
}

export interface Mount {
  hostPath: string
  path: string
  readOnly: boolean
}

/**
 * `driver`: as `egress`, on a network of its own, from which the one port of this machine is reached that was opened there; to be
 * opened before.
 */
export type ContainerNetwork = NetworkKind | 'driver'

/** A TCP port of the container that is reached on an address of this machine. */
export interface PublishedPort {
  port: number
  /** 0.0.0.0: on all of them. */
  hostAddress: string
  /** 0: a free one. */
  hostPort: number
}

/** Every container is locked down by the adapter: no capabilities, no new privileges, read-only root, uid 65534, tmpfs on /tmp. */
export interface ContainerSpec {
  name: string
  dockerImage: string
  /** Empty: the command of the Docker image. */
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
}

export interface Docker {
  /** Resolves with Docker's version when it answers; rejects with a message that says what to do when it does not. */
  version(): Promise<{ version: string; apiVersion: string }>
  /** By name or by id (`sha256:...`). Undefined also for what is no reference: no image can have it. */
  findImage(reference: string): Promise<DockerImage | undefined>
  /** Reads the whole pull stream, so that an error inside it rejects too. Rejects with `invalid reference "..."` when it is none. */
  pullImage(reference: string, timeoutMs: number): Promise<void>
  tagImage(reference: string, target: string): Promise<void>
  /** Removes a tag (and the image when it was the last one); harmless when absent. */
  removeImage(reference: string): Promise<void>
  /**
   * With `egress` or `driver`, which need the label of the instance: on the instance's own network, made when it is not there.
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
  /** Bytes of memory that it needs now, without the file cache; undefined when it does not run, or Docker cannot tell. */
  memoryOf(id: string): Promise<number | undefined>
  /** The last lines that a container has printed which keeps a log and does not run; none when it is not there. */
  readLog(id: string, maxLines: number): Promise<string[]>
  /**
   * Makes the network of an instance's drivers where it is not there, lets the TCP port through to this machine's address on it, and
   * resolves with that address.
   */
  openDriverNetwork(instanceId: string, port: number): Promise<string>
  /** Removes the networks with the labels; harmless when there is none. Rejects while containers are on them. */
  removeNetworks(labels: Record<string, string>): Promise<void>
  /** Calls the listener for each container with the labels that ends; reconnects by itself; returns the function that stops it. */
  onContainerEnd(labels: Record<string, string>, listener: (id: string) => void): () => void
}
