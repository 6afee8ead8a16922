/** What is done to the containers of event drivers, whatever the driver. */
import { messageOf } from '../core/errors.ts'
import type { Container, Docker } from '../docker/port.ts'
import { type DriverSpec, driverIdLabel, labelsOf } from './driver-container.ts'

export interface DriverDockerOptions {
  docker: Docker
  /** Names this server's containers among all of one Docker. */
  instanceId: string
  /** A fresh short name. */
  newContainerId(): string
  pullTimeoutMs: number
}

export interface DriverDocker {
  list(driverId: string): Promise<Container[]>
  remove(containers: readonly Container[]): Promise<void>
  /** Rejects when it cannot be had. */
  requireImage(image: string): Promise<void>
  /** Resolves with the id of a container that was started; leaves nothing behind when it fails. */
  start(spec: DriverSpec): Promise<string>
  /** Removes the containers of drivers that are not among the ids, which are listed after the containers. */
  sweep(listIds: () => Promise<string[]>): Promise<void>
  /** With the network. */
  removeAll(): Promise<void>
}

export function createDriverDocker(options: DriverDockerOptions): DriverDocker {
  const { docker, instanceId, newContainerId, pullTimeoutMs } = options
  const labels = labelsOf(instanceId)

  const remove = async (containers: readonly Container[]): Promise<void> => {
    await Promise.all(containers.map(({ id }) => docker.removeContainer(id)))
  }

  return {
    list: driverId => docker.listContainers({ ...labels, [driverIdLabel]: driverId }),
    remove,

    requireImage: async image => {
      if (await docker.findImage(image)) return
      await docker.pullImage(image, { timeoutMs: pullTimeoutMs }).catch(thrown => {
        throw new Error(`err pulling image ${image}: ${messageOf(thrown)}`, { cause: thrown })
      })
    },

    start: async spec => {
      const name = `dispatch-driver-${instanceId.slice(0, 8)}-${newContainerId()}`
      const id = await docker.createContainer({ ...spec, name })
      try {
        await docker.startContainer(id)
        return id
      } catch (thrown) {
        await docker.removeContainer(id)
        throw thrown
      }
    },

    sweep: async listIds => {
      const found = await docker.listContainers(labels)
      const known = new Set(await listIds())
      await remove(found.filter(container => !known.has(container.labels[driverIdLabel] ?? '')))
    },

    removeAll: async () => {
      await remove(await docker.listContainers(labels))
      await docker.removeNetworks(labels)
    },
  }
}
