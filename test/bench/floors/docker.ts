/** floor.docker: create, start and remove a container that only pauses, locked down and connected as a function's is by default. */

import { randomUUID } from 'node:crypto'
import { dockerLabel } from '../../../server/core/docker-labels.ts'
import type { ContainerSpec } from '../../../server/docker/port.ts'
import { defaultLimits } from '../../../server/engine/options.ts'
import { createRealDocker } from '../../helpers/real-docker.ts'
import { runtimeImage } from '../functions.ts'
import { timeMs } from '../rest.ts'
import type { Scope } from '../scope.ts'

const labels = { [dockerLabel('instance')]: randomUUID() }

const planPausing = (): ContainerSpec => {
  const { memoryBytes, cpus, maxProcesses } = defaultLimits
  return {
    name: `dispatch-floor-${randomUUID().slice(0, 8)}`,
    dockerImage: runtimeImage('python3'),
    command: ['/bin/busybox', 'sleep', '3600'],
    env: {},
    labels,
    mounts: [],
    memoryBytes,
    cpus,
    maxProcesses,
    network: 'egress',
  }
}

/** The first one also makes the network that the others are connected to, and does not count. */
export async function openPausing(scope: Scope): Promise<() => Promise<number>> {
  const docker = createRealDocker()
  scope.defer(() => docker.removeNetworks(labels))
  const pauseOnce = async (): Promise<void> => {
    const id = await docker.createContainer(planPausing())
    try {
      await docker.startContainer(id)
    } finally {
      await docker.removeContainer(id)
    }
  }
  await pauseOnce()
  return () => timeMs(pauseOnce)
}
