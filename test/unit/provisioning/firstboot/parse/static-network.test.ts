/** A static network is taken whole or not at all. */
import test from 'ava'
import fc from 'fast-check'
import { noSettings } from '../../../../../provisioning/firstboot/settings.ts'
import { faultsOf, parse } from './support.ts'

const network = (ip0: string, netmask0 = '', gateway = '') =>
  parse({ 'network.ip0': ip0, 'network.netmask0': netmask0, 'network.gateway': gateway })

const good: readonly (readonly [given: string[], address: string, prefixLength: number, gateway?: string])[] = [
  [['10.0.0.5/24'], '10.0.0.5', 24],
  [['10.0.0.5', '255.255.255.0', '10.0.0.1'], '10.0.0.5', 24, '10.0.0.1'],
  [['10.0.0.5', '24', '10.0.0.254'], '10.0.0.5', 24, '10.0.0.254'],
  [['10.0.0.5/24', '255.255.255.0'], '10.0.0.5', 24],
  [['10.0.0.5/24', '24'], '10.0.0.5', 24],
  [['10.0.0.4/31', '', '10.0.0.5'], '10.0.0.4', 31, '10.0.0.5'],
  [[' 10.0.0.5 ', ' 16 ', ' 10.0.9.1 '], '10.0.0.5', 16, '10.0.9.1'],
  [['2001:DB8:0::5/64', '', 'fe80::1'], '2001:db8::5', 64, 'fe80::1'],
  [['2001:db8::5', '64', '2001:db8::1'], '2001:db8::5', 64, '2001:db8::1'],
  [['2001:db8::5', 'ffff:ffff:ffff:ffff::'], '2001:db8::5', 64],
]
for (const [given, address, prefixLength, gateway] of good)
  test(`${given.join(' | ')} is a static network`, t => {
    const [ip0 = '', netmask0, via] = given
    const { settings, faults } = network(ip0, netmask0, via)
    t.deepEqual(faults, [])
    t.deepEqual(settings.network, {
      ...noSettings.network,
      address: { address, prefixLength },
      ...(gateway && { gateway }),
    })
  })

const bad: readonly (readonly [given: string[], fault: RegExp])[] = [
  [['10.0.0.5'], /^network.netmask0: it is missing/],
  [['10.0.0.5/24/1'], /^network.ip0: .* is not an IPv4/],
  [['10.0.0.5/'], /^network.ip0: .* is (neither|no)/],
  [['10.0.0.5/0'], /^network.ip0: '0' is no prefix/],
  [['10.0.0.5/32'], /^network.ip0: '32' is no prefix between 1 and 31/],
  [['10.0.0.5', '255.0.255.0'], /^network.netmask0: .* ones are not all in front/],
  [['10.0.0.5', '0.0.0.255'], /^network.netmask0: .* ones are not all in front/],
  [['10.0.0.5', 'ffff:ffff::'], /^network.netmask0: .* is neither a mask/],
  [['10.0.0.5/24', '255.255.0.0'], /^network.netmask0: it is not the prefix of network.ip0, 24/],
  [['10.0.0.0/24'], /^network.ip0: .* network itself/],
  [['10.0.0.255/24'], /^network.ip0: .* broadcast address of its network/],
  [['224.0.0.5/24'], /^network.ip0: .* multicast/],
  [['ff02::5/64'], /^network.ip0: .* multicast/],
  [['127.0.0.5/8'], /^network.ip0: .* loopback/],
  [['::1/64'], /^network.ip0: .* loopback/],
  [['0.0.0.5/8'], /^network.ip0: .* stands for no machine/],
  [['240.0.0.5/8'], /^network.ip0: .* reserved/],
  [['::ffff:10.0.0.5/120'], /^network.ip0: .* written as IPv6/],
  [['2001:db8::/64'], /^network.ip0: .* network itself/],
  [['fe80::5%eth0/64'], /^network.ip0: .* is not an IPv4/],
  [['fe80::5/64'], /^network.ip0: .* link-local/],
  [['169.254.1.1/16'], /^network.ip0: .* link-local/],
  [['10.0.0.5/24', '', '10.0.1.1'], /^network.gateway: 10.0.1.1 is not in the network/],
  [['10.0.0.5/24', '', 'fe80::1'], /^network.gateway: fe80::1 is not in the network/],
  [['10.0.0.5/24', '', '10.0.0.5'], /^network.gateway: .* this machine itself/],
  [['10.0.0.5/24', '', '10.0.0.255'], /^network.gateway: .* broadcast/],
  [['10.0.0.5/24', '', 'router'], /^network.gateway: 'router' is not an IPv4/],
]
for (const [given, problem] of bad)
  test(`${given.join(' | ')} comes to DHCP`, t => {
    const [ip0 = '', netmask0 = '', gateway = ''] = given
    const faults = faultsOf({ 'network.ip0': ip0, 'network.netmask0': netmask0, 'network.gateway': gateway })
    t.is(faults.length, 1)
    t.regex(faults[0] ?? '', problem)
    t.deepEqual(network(ip0, netmask0, gateway).settings, noSettings)
  })

test('what belongs to an address is told where there is none', t => {
  t.is(faultsOf({ 'network.netmask0': '24', 'network.gateway': '10.0.0.1' }).length, 2)
})

test('a mask and its prefix are the same', t => {
  const octets = fc.array(fc.integer({ min: 1, max: 126 }), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(octets, fc.integer({ min: 1, max: 31 }), (bytes, prefixLength) => {
      const bits = (0xffffffff << (32 - prefixLength)) >>> 0
      const mask = [24, 16, 8, 0].map(shift => (bits >>> shift) & 255).join('.')
      const address = bytes.join('.')
      t.deepEqual(network(address, mask).settings, network(`${address}/${prefixLength}`).settings)
    }),
  )
})
