/** Names and texts of egress networks: short enough for the kernel, and free of whatever a shell would read. */
import test from 'ava'
import fc from 'fast-check'
import {
  type BridgeKind,
  networkNameOf,
  planNetwork,
  planRulesContainer,
  renderCloseScript,
  renderOpenScript,
} from '../../../../server/docker/egress-rules.ts'

test('whatever the instance is called, the name fits an interface and means nothing to a shell', t => {
  fc.assert(fc.property(fc.string(), id => t.regex(networkNameOf(id), /^dispatch-[0-9a-f]{6}$/)))
  fc.assert(fc.property(fc.string(), id => t.regex(networkNameOf(id, 'driver'), /^dispatchd-[0-9a-f]{5}$/)))
  t.regex(networkNameOf('a', 'foreign'), /^dispatchf-[0-9a-f]{5}$/)
  t.regex(networkNameOf('a', 'closed'), /^dispatchc-[0-9a-f]{5}$/)
  t.not(networkNameOf('a'), networkNameOf('b'))
})

test('network, bridge and chain have one name', t => {
  const name = networkNameOf('i')
  const { Name, EnableIPv6, Options } = planNetwork('i')
  t.deepEqual([Name, EnableIPv6, Options['com.docker.network.bridge.name']], [name, false, name])
  t.is(Options['com.docker.network.bridge.enable_icc'], 'false')
  for (const text of [renderCloseScript(name, 'egress'), renderOpenScript(name)])
    t.true(text.includes(`PREROUTING -i ${name} -j ${name}`))
})

test('only answers come back to this machine, of the ports where it calls', t => {
  const answers = (kind: BridgeKind) => [...renderCloseScript('n', kind).matchAll(/-A n -p tcp --sport (\d+) ! --syn/g)]
  const portsOf = (kind: BridgeKind) => answers(kind).map(([, port]) => port)
  t.deepEqual((['egress', 'driver', 'foreign', 'closed'] as const).map(portsOf), [
    [],
    ['80'],
    ['8080', '9000'],
    ['8080', '9000'],
  ])
  t.deepEqual([planNetwork('i', 'foreign').Internal, planNetwork('i', 'closed').Internal], [false, true])
})

test('the container that sets the rules has what they need and no more', t => {
  const { HostConfig, Cmd, User } = planRulesContainer({ dockerImage: 'i', name: 'n', instanceId: 'x', script: 'text' })
  t.is(User, '0:0')
  t.is(Cmd.at(-1), 'text')
  t.deepEqual(HostConfig.CapDrop, ['ALL'])
  t.deepEqual(HostConfig.CapAdd, ['NET_ADMIN', 'NET_RAW', 'SYS_CHROOT'])
  t.true(HostConfig.ReadonlyRootfs)
  t.true(HostConfig.Mounts.every(mount => mount.ReadOnly))
})
