/** What images of others reach, and who reaches them, tried with real containers. Needs root, for a network behind this machine. */
import test from 'ava'
import { createBeyond, isReachable } from '../../helpers/network-beyond.ts'
import {
  awaitListener,
  createInstance,
  docker,
  isGreeted,
  listenEverywhere,
  listener,
  machineAddresses,
  startStranger,
  type Target,
  textOf,
} from '../../helpers/network-probe.ts'
import { until } from '../../helpers/wait.ts'

for (const [network, isOpen] of [
  ['foreign', true],
  ['closed', false],
] as const) {
  test(`on the network ${network} this machine reaches the container, which reaches ${isOpen ? 'what is behind it' : 'nothing'}`, async t => {
    const [instance, other] = [createInstance(t), createInstance(t)]
    const beyond = await createBeyond(t)
    const port = await listenEverywhere(t)
    const id = await instance.start({ network, profile: 'foreign' }, listener)
    const address = (await docker.inspectContainer(id))?.address ?? ''
    await until('it is reached', () => isGreeted(address, 8080))
    const neighbours = [
      address,
      await awaitListener(await instance.start({}, listener)),
      await awaitListener(await other.start({ network: 'egress' }, listener)),
      await startStranger(t),
    ]
    const outside: Target = [beyond.address, beyond.port]
    const shut: Target[] = [
      ...machineAddresses().map((own): Target => [own, port]),
      ...neighbours.map((neighbour): Target => [neighbour, 8080]),
      ['169.254.169.254', 80],
    ]
    t.true(await isReachable(...outside))
    for (const own of machineAddresses()) t.true(await isReachable(own, port), textOf([own, port]))
    const { reached } = await instance.inspect(network, [outside, ...shut])
    t.deepEqual(reached, isOpen ? [textOf(outside)] : [])
    t.false(await isReachable(address, 8081))
  })
}
