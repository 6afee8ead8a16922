/** What a container reaches by its network, tried from inside real containers. Needs root, for a network behind this machine. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { dockerLabel } from '../../../server/core/docker-labels.ts'
import { createDockerEngine } from '../../../server/docker/engine.ts'
import { writeArchive } from '../../helpers/docker-archive.ts'
import { createBeyond, isReachable } from '../../helpers/network-beyond.ts'
import {
  awaitListener,
  createInstance,
  docker,
  dockerImage,
  listenEverywhere,
  listener,
  machineAddresses,
  output,
  run,
  startStranger,
  type Target,
  textOf,
} from '../../helpers/network-probe.ts'
import { containerSpec } from './samples.ts'

test('egress reaches what is behind this machine, and nothing of it, its link, its neighbours or other networks', async t => {
  const instance = createInstance(t)
  const beyond = await createBeyond(t)
  const port = await listenEverywhere(t)
  const neighbourId = await instance.start({}, listener)
  const neighbour = await awaitListener(neighbourId)
  const name = await instance.networkName()
  const gateway = await output('docker', 'network', 'inspect', '--format', '{{(index .IPAM.Config 0).Gateway}}', name)
  const stranger = await startStranger(t)

  const open: Target = [beyond.address, beyond.port]
  const machine = [gateway, ...machineAddresses()].map((address): Target => [address, port])
  const closed: Target[] = [
    ...machine,
    [neighbour, 8080],
    [stranger, 8080],
    [beyond.linkLocalAddress, beyond.port],
    ['169.254.169.254', 80],
  ]
  // What must be closed is open for others, or the test proves nothing.
  for (const target of [open, ...machine]) t.true(await isReachable(...target), textOf(target))
  t.true(await isReachable(beyond.linkLocalAddress, beyond.port))

  t.deepEqual(await instance.inspect('egress', [open, ...closed], neighbourId.slice(0, 12)), {
    reached: [textOf(open)],
    interfaces: ['eth0', 'lo'],
    ipv6: [],
    // Docker's own names are resolved, so that foreign ones are too.
    neighbour,
  })
  t.deepEqual(await instance.inspect('none', [open, ...closed]), {
    reached: [],
    interfaces: ['lo'],
    ipv6: [],
    neighbour: '127.0.0.1',
  })
})

test('the rules go away with the network', async t => {
  const instance = createInstance(t)
  const id = await instance.start({}, listener)
  const name = await instance.networkName()
  const rules = async () =>
    [await output('iptables', '-t', 'raw', '-S'), await output('ip6tables', '-t', 'raw', '-S')].join('\n')
  t.true((await rules()).includes(name))
  await docker.removeContainer(id)
  const label = await output(
    'docker',
    'network',
    'inspect',
    '--format',
    `{{index .Labels "${dockerLabel('instance')}"}}`,
    name,
  )
  await docker.removeNetworks({ [dockerLabel('instance')]: label })
  t.false((await rules()).includes(name))
})

test('nothing starts with egress where the rules cannot be set, and the reason is told', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-archive-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const reference = `dispatch-test/${randomUUID()}:1`
  // Without a shell.
  await writeArchive(join(directory, 'image.tar'), { reference, labels: { [dockerLabel('language')]: 'l' } })
  await run('docker', ['load', '--quiet', '--input', join(directory, 'image.tar')])
  t.teardown(() => docker.removeImage(reference))
  const instance = createInstance(t)
  const shellless = createDockerEngine({ env: process.env, rulesImages: [reference] })
  const labels = { [dockerLabel('instance')]: instance.id }
  const spec = containerSpec({ dockerImage, command: ['/bin/true'], labels, network: 'egress' })
  await t.throwsAsync(shellless.createContainer(spec), {
    message:
      /^Docker could not create the container .*: the network dispatch-[0-9a-f]{6} cannot be closed .*Docker needs iptables/,
  })
  t.is(await instance.networkName(), '')
})
