/** Looks at the network from inside real containers of an instance of the test's own. */

import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ExecutionContext } from 'ava'
import { dockerLabel } from '../../server/core/docker-labels.ts'
import type { ContainerSpec } from '../../server/docker/port.ts'
import { isReachable } from './network-beyond.ts'
import { createRealDocker } from './real-docker.ts'
import { runtimeImage } from './runtime-images.ts'
import { until } from './wait.ts'

export const docker = createRealDocker()
export const { dockerImage } = runtimeImage('python3')
export const run = promisify(execFile)
export const output = async (command: string, ...args: string[]) => (await run(command, args)).stdout.trim()

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
/** Greets whoever connects to port 8080 of its container. */
export const listener = `
import socket
server = socket.create_server(('0.0.0.0', 8080))
while True:
    connection = server.accept()[0]
    connection.sendall(b'here')
    connection.close()
`

export type Target = [address: string, port: number]
export const textOf = ([address, port]: Target) => `${address} ${port}`

export interface Instance {
  id: string
  start(changes: Partial<ContainerSpec>, code: string): Promise<string>
  /** Runs the probe in a container of its own and resolves with its report. */
  inspect(network: ContainerSpec['network'], targets: Target[], neighbour?: string): Promise<Record<string, unknown>>
  networkName(): Promise<string>
}

/** What it has in Docker goes away with the test. `label` names the instance on all of it. */
export function createInstance(t: ExecutionContext, label = dockerLabel('instance')): Instance {
  const id = randomUUID()
  const labels = { [label]: id }
  t.teardown(async () => {
    for (const { id } of await docker.listContainers(labels)) await docker.removeContainer(id)
    await docker.removeNetworks(labels)
  })
  const start: Instance['start'] = async (changes, code) => {
    const containerId = await docker.createContainer({
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
    await docker.startContainer(containerId)
    return containerId
  }
  return {
    id,
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

export const addressOf = (id: string) =>
  output('docker', 'inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', id)

/** Listens on every address of this machine. */
export async function listenEverywhere(t: ExecutionContext): Promise<number> {
  const server = createServer(socket => socket.on('error', () => undefined).end())
  t.teardown(() => void server.close())
  await new Promise<void>(resolve => {
    server.listen(0, '::', resolve)
  })
  return (server.address() as AddressInfo).port
}

/** A container on a network that is none of ours, which listens. Resolves with its address. */
export async function startStranger(t: ExecutionContext): Promise<string> {
  const args = ['--detach', '--rm', '--network', 'bridge', dockerImage, '/usr/bin/python3', '-c', listener]
  const id = await output('docker', 'run', ...args)
  t.teardown(() => docker.removeContainer(id))
  const address = await addressOf(id)
  await until('the stranger listens', () => isReachable(address, 8080))
  return address
}

/** Whether the listener behind the port greets: what stands in between accepts connections too. */
export const isGreeted = (host: string, port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect({ host, port, timeout: 5000 })
    const tell = (greeted: boolean) => {
      socket.destroy()
      resolve(greeted)
    }
    socket.once('data', () => tell(true))
    for (const event of ['error', 'timeout', 'close']) socket.once(event, () => tell(false))
  })

/** Waits until the container of a listener answers itself. */
export async function awaitListener(id: string): Promise<string> {
  const address = await addressOf(id)
  const itself = `import socket; socket.create_connection(('${address}', 8080), timeout=5)`
  const answers = () =>
    run('docker', ['exec', id, '/usr/bin/python3', '-c', itself]).then(
      () => true,
      () => false,
    )
  await until('the container listens', answers)
  return address
}

/** Of its lasting interfaces: bridges of other tests come and go. A link's own IPv6 addresses mean nothing elsewhere. */
export const machineAddresses = () =>
  Object.entries(networkInterfaces())
    .filter(([name]) => !/^(dispatch[a-z]?-|dto|veth|br-)/.test(name))
    .flatMap(([, addresses = []]) => addresses.filter(({ internal, scopeid }) => !internal && !scopeid))
    .map(({ address }) => address)
