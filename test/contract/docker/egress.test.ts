/** What a container reaches by its network, tried from inside real containers. Needs root, for a network behind this machine. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { dockerLabel } from '../../../server/core/docker-labels.ts'
import { createDockerEngine } from '../../../server/docker/engine.ts'
import type { ContainerSpec } from '../../../server/docker/port.ts'
import { writeArchive } from '../../helpers/docker-archive.ts'
import { createBeyond, isReachable } from '../../helpers/network-beyond.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { until } from '../../helpers/wait.ts'

const docker = createDockerEngine({ env: process.env })
const { dockerImage } = runtimeImage('python3')
const run = promisify(execFile)
const output = async (command: string, ...args: string[]) => (await run(command, args)).stdout.trim()

/** Connects to each target, all at once, and writes down which of them answered, and what interfaces there are. */
const probe = `
import json, os, socket, threading
targets, reached = json.loads(os.environ['TARGETS']), []
def attempt(address, port):
    try:
        socket.create_connection((address, port), timeout=4).close()
        reached.append(f'{address} {port}')
    except OSError:
        pass
threads = [threading.Thread(target=attempt, args=target) for target in targets]
for thread in threads: thread.start()
for thread in threads: thread.join()
def lines(path):
    return open(path).read().splitlines() if os.path.exists(path) else []
def resolved(name):
    try:
        return socket.gethostbyname(name)
    except OSError as error:
        return str(error)
report = {
    'reached': sorted(reached),
    'interfaces': sorted(os.listdir('/sys/class/net')),
    'ipv6': [line for line in lines('/proc/net/if_inet6') if not line.endswith(' lo')],
    'neighbour': resolved(os.environ['NEIGHBOUR']),
}
with open('/out/report.part', 'w') as file: json.dump(report, file)
os.rename('/out/report.part', '/out/report')
`
const listener = `
import socket
server = socket.create_server(('0.0.0.0', 8080))
while True: server.accept()[0].close()
`

type Target = [address: string, port: number]
const textOf = ([address, port]: Target) => `${address} ${port}`

interface Instance {
  start(changes: Partial<ContainerSpec>, code: string): Promise<string>
  /** Runs the probe in a container of its own and resolves with its report. */
  inspect(network: ContainerSpec['network'], targets: Target[], neighbour?: string): Promise<Record<string, unknown>>
  networkName(): Promise<string>
}

function createInstance(t: ExecutionContext): Instance {
  const labels = { [dockerLabel('instance')]: randomUUID() }
  t.teardown(async () => {
    for (const { id } of await docker.listContainers(labels)) await docker.removeContainer(id)
    await docker.removeNetworks(labels)
  })
  const start: Instance['start'] = async (changes, code) => {
    const id = await docker.createContainer({
      name: `dispatch-test-${randomUUID()}`,
      dockerImage,
      command: ['/usr/bin/python3', '-c', code],
      env: {},
      labels,
      mounts: [],
      memoryBytes: 64 * 1024 * 1024,
      cpus: 1,
      maxProcesses: 64,
      network: 'egress',
      ...changes,
    })
    await docker.startContainer(id)
    return id
  }
  return {
    start,
    inspect: async (network, targets, neighbour = 'localhost') => {
      const out = await mkdtemp(join(tmpdir(), 'dispatch-probe-'))
      t.teardown(() => rm(out, { recursive: true }))
      await chmod(out, 0o777)
      const mounts = [{ hostPath: out, path: '/out', readOnly: false }]
      await start({ network, mounts, env: { TARGETS: JSON.stringify(targets), NEIGHBOUR: neighbour } }, probe)
      return JSON.parse(await until('the report', () => readFile(join(out, 'report'), 'utf8').catch(() => undefined)))
    },
    networkName: () => {
      const filters = Object.entries(labels).flatMap(([name, value]) => ['--filter', `label=${name}=${value}`])
      return output('docker', 'network', 'ls', '--format', '{{.Name}}', ...filters)
    },
  }
}

const addressOf = (id: string) =>
  output('docker', 'inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', id)

/** Listens on every address of this machine. */
async function listenEverywhere(t: ExecutionContext): Promise<number> {
  const server = createServer(socket => socket.on('error', () => undefined).end())
  t.teardown(() => void server.close())
  await new Promise<void>(resolve => {
    server.listen(0, '::', resolve)
  })
  return (server.address() as AddressInfo).port
}

/** Of its lasting interfaces: bridges of other tests come and go. A link's own IPv6 addresses mean nothing elsewhere. */
const machineAddresses = () =>
  Object.entries(networkInterfaces())
    .filter(([name]) => !/^(dispatch-|dto|veth|br-)/.test(name))
    .flatMap(([, addresses = []]) => addresses.filter(({ internal, scopeid }) => !internal && !scopeid))
    .map(({ address }) => address)

test('egress reaches what is behind this machine, and nothing of it, its link, its neighbours or other networks', async t => {
  const instance = createInstance(t)
  const beyond = await createBeyond(t)
  const port = await listenEverywhere(t)
  const neighbourId = await instance.start({}, listener)
  const neighbour = await addressOf(neighbourId)
  const name = await instance.networkName()
  const gateway = await output('docker', 'network', 'inspect', '--format', '{{(index .IPAM.Config 0).Gateway}}', name)
  const strangerArgs = ['--detach', '--rm', '--network', 'bridge', dockerImage, '/usr/bin/python3', '-c', listener]
  const strangerId = await output('docker', 'run', ...strangerArgs)
  t.teardown(() => docker.removeContainer(strangerId))
  const stranger = await addressOf(strangerId)

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
  await until('the stranger listens', () => isReachable(stranger, 8080))
  t.true(await isReachable(beyond.linkLocalAddress, beyond.port))
  const itself = `import socket; socket.create_connection(('${neighbour}', 8080), timeout=5)`
  await until('the neighbour listens', () =>
    run('docker', ['exec', neighbourId, '/usr/bin/python3', '-c', itself]).then(
      () => true,
      () => false,
    ),
  )

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
  await writeArchive(join(directory, 'image.tar'), { reference, labels: {} })
  await run('docker', ['load', '--quiet', '--input', join(directory, 'image.tar')])
  t.teardown(() => docker.removeImage(reference))
  const instance = createInstance(t)
  await t.throwsAsync(instance.start({ dockerImage: reference }, ''), {
    message:
      /^Docker could not create the container .*: the network dispatch-[0-9a-f]{6} cannot be closed .*Docker needs iptables/,
  })
  t.is(await instance.networkName(), '')
})
