/** floor.docker: create, start and remove a container that only pauses, locked down as every container of the server. */
import { randomUUID } from 'node:crypto'
import { createDockerEngine } from '../../../server/docker/engine.ts'
import { defaultLimits } from '../../../server/engine/options.ts'
import { runtimeImage } from '../functions.ts'
import { timeMs } from '../rest.ts'

export async function timePausingContainer(): Promise<number> {
  const docker = createDockerEngine({ env: process.env })
  const { memoryBytes, cpus, maxProcesses } = defaultLimits
  const limits = { memoryBytes, cpus, maxProcesses }
  return timeMs(async () => {
    const id = await docker.createContainer({
      name: `dispatch-floor-${randomUUID().slice(0, 8)}`,
      dockerImage: runtimeImage('python3'),
      command: ['/bin/busybox', 'sleep', '3600'],
      env: {},
      labels: {},
      mounts: [],
      network: 'none',
      ...limits,
    })
    try {
      await docker.startContainer(id)
    } finally {
      await docker.removeContainer(id)
    }
  })
}
