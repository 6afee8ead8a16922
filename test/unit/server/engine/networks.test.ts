/** The network of an instance goes away with the engine. */
import test from 'ava'
import { dockerLabel } from '../../../../server/core/docker-labels.ts'
import type { ContainerSpec } from '../../../../server/docker/port.ts'
import { createFakeDocker } from '../../../helpers/fake-docker.ts'
import { createTestEngine } from '../../../helpers/test-engine.ts'

const spec: Omit<ContainerSpec, 'name' | 'labels'> = {
  dockerImage: 'i:1',
  command: [],
  env: {},
  mounts: [],
  memoryBytes: 1,
  cpus: 1,
  maxProcesses: 1,
  network: 'egress',
}

test("close() removes the instance's network and no other one", async t => {
  const docker = createFakeDocker()
  docker.addImage('i:1')
  const { engine, instanceId, warnings } = createTestEngine(t, { docker })
  for (const id of [instanceId, 'other']) {
    await docker.createContainer({ ...spec, name: id, labels: { [dockerLabel('instance')]: id } })
  }
  await engine.close(1000)
  t.deepEqual([...docker.networks.values()], [{ [dockerLabel('instance')]: 'other' }])
  t.deepEqual(warnings, [])
})
