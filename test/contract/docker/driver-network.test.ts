/** What an event driver's container reaches, and who reaches it, tried with real containers. Needs root, for a network behind this machine. */
import test from 'ava'
import { driversLabel } from '../../../server/docker/egress-rules.ts'
import { createBeyond, isReachable } from '../../helpers/network-beyond.ts'
import {
  awaitListener,
  createInstance,
  docker,
  isGreeted,
  listenEverywhere,
  listener,
  machineAddresses,
  output,
  startStranger,
  type Target,
  textOf,
} from '../../helpers/network-probe.ts'
import { until } from '../../helpers/wait.ts'

test('a driver reaches what is behind this machine and one port of it; no other one, no function, driver or other container', async t => {
  const [drivers, functions] = [createInstance(t, driversLabel), createInstance(t)]
  const beyond = await createBeyond(t)
  const [ingestPort, otherPort] = [await listenEverywhere(t), await listenEverywhere(t)]
  const gateway = await docker.openDriverNetwork(drivers.id, ingestPort)
  const neighbour = await awaitListener(await drivers.start({ network: 'driver' }, listener))
  const called = await awaitListener(await functions.start({}, listener))
  const stranger = await startStranger(t)

  const open: Target[] = [
    [beyond.address, beyond.port],
    [gateway, ingestPort],
  ]
  const machine: Target[] = [
    [gateway, otherPort],
    ...machineAddresses().flatMap((address): Target[] => [
      [address, ingestPort],
      [address, otherPort],
    ]),
  ]
  const closed: Target[] = [
    ...machine,
    ...[neighbour, called, stranger].map((address): Target => [address, 8080]),
    [beyond.linkLocalAddress, beyond.port],
    ['169.254.169.254', 80],
  ]
  // What must be closed is open for others, or the test proves nothing.
  for (const target of [...open, ...machine]) t.true(await isReachable(...target), textOf(target))
  t.like(await drivers.inspect('driver', [...open, ...closed]), {
    reached: open.map(textOf).toSorted(),
    interfaces: ['eth0', 'lo'],
    ipv6: [],
  })
  const fromFunction = await functions.inspect('egress', [
    [gateway, ingestPort],
    [neighbour, 8080],
  ])
  t.deepEqual(fromFunction.reached, [])
})

test('a published port is reached on its address alone, also by this machine; no function gets at it', async t => {
  const [drivers, functions] = [createInstance(t, driversLabel), createInstance(t)]
  await docker.openDriverNetwork(drivers.id, await listenEverywhere(t))
  const web = listener.replace('8080', '80')
  const publish = { port: 80, hostAddress: '0.0.0.0', hostPort: 0 }
  const id = await drivers.start({ network: 'driver', publish }, web)
  const hostPort = (await docker.inspectContainer(id))?.hostPort ?? 0
  const [address = ''] = machineAddresses()
  for (const own of ['127.0.0.1', address]) await until(`it is reached on ${own}`, () => isGreeted(own, hostPort))
  const targets: Target[] = [
    [address, hostPort],
    [await docker.openDriverNetwork(drivers.id, hostPort), 80],
  ]
  t.deepEqual((await functions.inspect('egress', targets)).reached, [])

  const local = await drivers.start({ network: 'driver', publish: { ...publish, hostAddress: '127.0.0.1' } }, web)
  const localPort = (await docker.inspectContainer(local))?.hostPort ?? 0
  await until('it is reached on loopback', () => isGreeted('127.0.0.1', localPort))
  t.false(await isReachable(address, localPort))
})

test('the rules go away with the network, and those of functions stay', async t => {
  const [drivers, functions] = [createInstance(t, driversLabel), createInstance(t)]
  await docker.openDriverNetwork(drivers.id, 18_082)
  await functions.start({}, listener)
  const names = [await drivers.networkName(), await functions.networkName()]
  const known = async () => {
    const rules = await output('iptables', '-t', 'raw', '-S')
    return names.map(name => rules.includes(name))
  }
  t.deepEqual(await known(), [true, true])
  await docker.removeNetworks({ [driversLabel]: drivers.id })
  t.deepEqual(await known(), [false, true])
})
