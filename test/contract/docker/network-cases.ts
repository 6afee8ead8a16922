/** What the Docker port promises of networks and limits; the same cases run on Docker itself and on the fake. */
import { randomUUID } from 'node:crypto'
import type { ExecutionContext, TestFn } from 'ava'
import { buildsLabel, dockerLabel } from '../../../server/core/docker-labels.ts'
import { driversLabel } from '../../../server/docker/egress-rules.ts'
import type { ContainerSpec, ContainerUpdate, Docker } from '../../../server/docker/port.ts'
import { containerSpec, type Runnable } from './samples.ts'

export interface NetworkCases {
  docker: Docker
  /** Lasts longer than the tests. */
  runnable: Runnable
  /** Names of the networks with the labels, seen past the port. */
  listNetworks(labels: Record<string, string>): Promise<string[]>
  /** As somebody else would. */
  removeNetwork(name: string): Promise<void>
  limitsOf(id: string): Promise<Required<ContainerUpdate>>
}

const mebibyte = 1024 * 1024

export function testNetworks(test: TestFn, cases: NetworkCases): void {
  const { docker } = cases
  const spec = (labels: Record<string, string>, network: ContainerSpec['network']) =>
    containerSpec({ ...cases.runnable, labels, network })

  /** Labels of an instance of the test's own; what it has in Docker goes away with the test. */
  function createInstance(t: ExecutionContext, label = dockerLabel('instance')): Record<string, string> {
    const labels = { [label]: randomUUID() }
    t.teardown(async () => {
      for (const { id } of await docker.listContainers(labels)) await docker.removeContainer(id)
      await docker.removeNetworks(labels)
    })
    return labels
  }

  async function started(labels: Record<string, string>, network: ContainerSpec['network']): Promise<string> {
    const id = await docker.createContainer(spec(labels, network))
    await docker.startContainer(id)
    return id
  }

  test('updateContainer() sets what is named and leaves the rest, running or not', async t => {
    const id = await docker.createContainer(spec(createInstance(t), 'none'))
    await docker.updateContainer(id, { memoryBytes: 96 * mebibyte })
    t.deepEqual(await cases.limitsOf(id), { memoryBytes: 96 * mebibyte, cpus: 0.5, maxProcesses: 32 })
    await docker.startContainer(id)
    await docker.updateContainer(id, { cpus: 0.25 })
    t.deepEqual(await cases.limitsOf(id), { memoryBytes: 96 * mebibyte, cpus: 0.25, maxProcesses: 32 })
    await docker.updateContainer(id, { memoryBytes: 48 * mebibyte, cpus: 1, maxProcesses: 1000 })
    t.deepEqual(await cases.limitsOf(id), { memoryBytes: 48 * mebibyte, cpus: 1, maxProcesses: 1000 })
    await docker.updateContainer(id, { cpus: 0.5 })
    t.deepEqual(await cases.limitsOf(id), { memoryBytes: 48 * mebibyte, cpus: 0.5, maxProcesses: 1000 })
  })

  test('updateContainer() rejects for a container that is not there', async t => {
    await t.throwsAsync(docker.updateContainer('absent', { cpus: 1 }), { message: /[Nn]o such container/ })
  })

  test('the first containers with egress make one network, also side by side; those without make none', async t => {
    const labels = createInstance(t)
    await started(labels, 'none')
    t.deepEqual(await cases.listNetworks(labels), [])
    await Promise.all([started(labels, 'egress'), started(labels, 'egress')])
    await started(labels, 'egress')
    t.is((await cases.listNetworks(labels)).length, 1)
  })

  test('builds of an instance are on the network of its functions', async t => {
    const labels = createInstance(t)
    const builds = { [buildsLabel]: labels[dockerLabel('instance')] ?? '' }
    const id = await started(builds, 'egress')
    t.teardown(() => docker.removeContainer(id))
    t.is((await cases.listNetworks(labels)).length, 1)
    t.truthy((await docker.inspectContainer(id))?.address)
    await docker.removeContainer(id)
  })

  test('each instance has a network of its own', async t => {
    const [one, other] = [createInstance(t), createInstance(t)]
    await Promise.all([started(one, 'egress'), started(other, 'egress')])
    t.notDeepEqual(await cases.listNetworks(one), await cases.listNetworks(other))
  })

  test('a network that somebody removed comes back with the next container', async t => {
    const labels = createInstance(t)
    await docker.removeContainer(await started(labels, 'egress'))
    const [name = ''] = await cases.listNetworks(labels)
    await cases.removeNetwork(name)
    t.deepEqual(await cases.listNetworks(labels), [])
    await started(labels, 'egress')
    t.deepEqual(await cases.listNetworks(labels), [name])
  })

  test('a container whose network is gone before it starts says so; the next one starts', async t => {
    const labels = createInstance(t)
    const id = await docker.createContainer(spec(labels, 'egress'))
    await cases.removeNetwork((await cases.listNetworks(labels))[0] ?? '')
    await t.throwsAsync(docker.startContainer(id), { message: /network/ })
    await t.notThrowsAsync(started(labels, 'egress'))
  })

  test('removeNetworks() removes those with the labels, and is harmless twice', async t => {
    const [labels, other] = [createInstance(t), createInstance(t)]
    await docker.removeContainer(await started(labels, 'egress'))
    await started(other, 'egress')
    await docker.removeNetworks(labels)
    await docker.removeNetworks(labels)
    t.deepEqual(await cases.listNetworks(labels), [])
    t.is((await cases.listNetworks(other)).length, 1)
  })

  test('removeNetworks() rejects while a container is on the network', async t => {
    const labels = createInstance(t)
    await started(labels, 'egress')
    await t.throwsAsync(docker.removeNetworks(labels), {
      message: /^Docker could not remove networks: .*active endpoints/,
    })
    t.is((await cases.listNetworks(labels)).length, 1)
  })

  test('a container with a network that names no instance is refused', async t => {
    await t.throwsAsync(docker.createContainer(spec({}, 'egress')), { message: /instance/ })
    await t.throwsAsync(docker.createContainer(spec({}, 'driver')), { message: /instance/ })
  })

  test('the network of drivers is made when it is opened, has an address of this machine, and is apart from the other one', async t => {
    const labels = createInstance(t, driversLabel)
    const instanceId = labels[driversLabel] ?? ''
    const address = await docker.openDriverNetwork(instanceId, 18082)
    t.is(await docker.openDriverNetwork(instanceId, 18082), address)
    t.regex(address, /^\d+\.\d+\.\d+\.\d+$/)
    t.is((await cases.listNetworks(labels)).length, 1)
    await started(labels, 'driver')
    t.is((await cases.listNetworks(labels)).length, 1)
    t.deepEqual(await cases.listNetworks({ [dockerLabel('instance')]: instanceId }), [])
  })

  test('a published port is told while the container runs', async t => {
    const labels = createInstance(t, driversLabel)
    const publish = { port: 80, hostAddress: '127.0.0.1', hostPort: 0 }
    const id = await docker.createContainer({ ...spec(labels, 'driver'), publish })
    t.is((await docker.inspectContainer(id))?.hostPort, undefined)
    await docker.startContainer(id)
    t.true(((await docker.inspectContainer(id))?.hostPort ?? 0) > 1024)
  })
}
