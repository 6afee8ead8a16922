/** What becomes of each kind of value, good and bad; passwords, keys and static networks have tests of their own. */
import test from 'ava'
import fc from 'fast-check'
import { guestKey, properties } from '../../../../../ova/properties.ts'
import { organizationPattern } from '../../../../../provisioning/firstboot/parse/values.ts'
import { noSettings } from '../../../../../provisioning/firstboot/settings.ts'
import { pathName } from '../../../../../server/http/shapes.ts'
import { faultsOf, parse } from './support.ts'

const keys = [...properties.map(guestKey), 'network.mtu']

test('null, quotes around nothing, blanks and absence are the same for every key', t => {
  for (const nothing of ['', ' ', '\t\n', 'null', ' null ', '""']) {
    const values = Object.fromEntries(keys.map(key => [key, nothing]))
    t.deepEqual(parse(values), { settings: noSettings, credentials: {}, faults: [] })
  }
  t.deepEqual(parse({}), { settings: noSettings, credentials: {}, faults: [] })
})

test('good values of every kind are taken as they are used', t => {
  const { settings, faults } = parse({
    'network.DNS': '10.0.0.2, 2001:DB8:0:0::2\t10.0.0.2',
    'network.searchpath': 'Example.com,lab.example.com.',
    'network.fqdn': 'Dispatch.Example.COM.',
    'network.ntp': 'ntp.example.com 10.0.0.3',
    'network.mtu': '9000',
    'network.http_proxy': 'http://jon:win$ter@proxy.example.com:3128/',
    'network.https_proxy': 'https://[2001:db8::8]:3129',
    'network.no_proxy': 'localhost,.Example.com *.lab.example.com,10.0.0.0/8 [::1] host:8080 2001:db8::/32',
    'network.docker_cidr': '172.30.0.1/16',
    'dispatch.organization': ' my-team_1 ',
    'vm.vmname': 'dispatch',
    'guestinfo.other': 'none of ours',
  })
  t.deepEqual(faults, [])
  t.deepEqual(settings, {
    ...noSettings,
    fqdn: 'dispatch.example.com',
    network: {
      nameServers: ['10.0.0.2', '2001:db8::2'],
      searchDomains: ['example.com', 'lab.example.com'],
      mtu: 9000,
    },
    timeServers: ['ntp.example.com', '10.0.0.3'],
    proxy: {
      http: 'http://jon:win$ter@proxy.example.com:3128',
      https: 'https://[2001:db8::8]:3129',
      exceptions: [
        'localhost',
        '.example.com',
        '*.lab.example.com',
        '10.0.0.0/8',
        '[::1]',
        'host:8080',
        '2001:db8::/32',
      ],
    },
    containerNetwork: '172.30.0.0/16',
    organization: 'my-team_1',
  })
})

test('whether root may log in is said in six ways, and a seventh refuses', t => {
  const login = (text: string) => parse({ 'appliance.permit_root_login': text }).settings.ssh.rootLogin
  t.deepEqual(['True', 'true', '1'].map(login), ['permitted', 'permitted', 'permitted'])
  t.deepEqual(['False', 'false', '0', 'yes'].map(login), ['refused', 'refused', 'refused', 'refused'])
  t.deepEqual(faultsOf({ 'appliance.permit_root_login': 'yes' }), [
    "appliance.permit_root_login: 'yes' is neither true nor false",
  ])
})

const bad: readonly (readonly [key: string, text: string, problem: RegExp])[] = [
  ['network.DNS', '10.0.0.256', /'10.0.0.256' is not an IPv4 or IPv6 address/],
  ['network.DNS', '127.0.0.53', /loopback/],
  ['network.DNS', '0.0.0.0', /stands for no machine/],
  ['network.DNS', '010.0.0.1', /not an IPv4/],
  ['network.DNS', '10.1', /not an IPv4/],
  ['network.DNS', 'fe80::1%eth0', /not an IPv4/],
  ['network.DNS', 'dns.example.com', /not an IPv4/],
  ['network.searchpath', 'exa_mple.com', /is no name/],
  ['network.fqdn', 'dispatch..example.com', /is no name/],
  ['network.fqdn', '-a.example.com', /no dash at an end/],
  ['network.fqdn', `${'a'.repeat(64)}.example.com`, /63 at most/],
  ['network.fqdn', 'abc.'.repeat(70), /more than 253/],
  ['network.fqdn', '10.0.0.5', /its last part is a number/],
  ['network.fqdn', 'localhost.localdomain', /every machine is called/],
  ['network.fqdn', 'dispätch.example.com', /is no name/],
  ['network.ntp', 'time!', /is no name/],
  ['network.ntp', '224.0.1.1', /multicast/],
  ['network.mtu', '1279', /between 1280 and 9000/],
  ['network.mtu', '9001', /between/],
  ['network.mtu', '1e4', /between/],
  ['network.http_proxy', 'proxy.example.com:3128', /begins with http/],
  ['network.http_proxy', 'socks5://proxy.example.com', /begins with http/],
  ['network.http_proxy', 'http://proxy.example.com/path', /something behind/],
  ['network.http_proxy', 'http://proxy.example.com?', /something behind/],
  ['network.https_proxy', 'http://proxy.example.com\n[Service]', /control characters/],
  ['network.https_proxy', 'http:proxy', /begins with http/],
  ['network.no_proxy', 'a;b', /is no host/],
  ['network.no_proxy', '10.0.0.0/33', /is no host/],
  ['network.docker_cidr', '172.30.0.0', /is no IPv4 network/],
  ['network.docker_cidr', 'fd00::/48', /is no IPv4 network/],
  ['network.docker_cidr', '172.30.0.0/23', /between 8 and 22/],
  ['network.docker_cidr', '8.8.0.0/16', /is not private/],
  ['network.docker_cidr', '172.16.0.0/11', /is not private/],
  ['dispatch.organization', 'my team', /letters a to z/],
  ['network.ip1', '10.0.0.5', /there is no such setting/],
]
for (const [key, text, problem] of bad)
  test(`${key} is not taken where it is ${text.slice(0, 40)}`, t => {
    const { settings, faults } = parse({ [key]: text })
    t.deepEqual(settings, noSettings)
    t.is(faults.length, 1)
    t.is(faults[0]?.key, key)
    t.regex(faults[0]?.problem ?? '', problem)
  })

test('of a list what is good is used, and each part that is not is named', t => {
  const values = { 'network.DNS': '10.0.0.2 x y' }
  t.deepEqual(parse(values).settings.network.nameServers, ['10.0.0.2'])
  t.is(faultsOf(values).length, 2)
})

test('containers get no network that the own subnet or a name server is in', t => {
  const cidr = (more: Record<string, string>) => parse({ 'network.docker_cidr': '10.8.0.0/16', ...more })
  t.is(cidr({ 'network.ip0': '10.9.0.5/16' }).settings.containerNetwork, '10.8.0.0/16')
  t.is(cidr({ 'network.ip0': '10.9.0.5/8' }).settings.containerNetwork, undefined)
  t.is(cidr({ 'network.ip0': '10.8.4.5/24' }).settings.containerNetwork, undefined)
  t.regex(cidr({ 'network.DNS': '10.8.0.2' }).faults[0]?.problem ?? '', /holds 10.8.0.2/)
})

test('a fault shows a value without anything that would move the cursor of a console', t => {
  const [fault = ''] = faultsOf({ 'network.fqdn': `\u001b[2J\u009b\u202e${'x'.repeat(99)}!` })
  t.notRegex(fault, /[\p{C}]/u)
  t.true(fault.length < 250)
})

test('a value longer than a form holds is not looked at', t => {
  t.deepEqual(faultsOf({ 'network.DNS': '1 '.repeat(40_000) }), ['network.DNS: it has more than 65535 characters'])
})

test('whatever values hold, the outcome is plain settings, and each fault is of a key that was given', t => {
  const pieces = fc.constantFrom(
    '10.0.0.1',
    '/24',
    '255.',
    ':',
    '-----BEGIN CERTIFICATE-----',
    'ssh-rsa AAAA',
    '\0',
    ' ',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces).map(parts => parts.join('')),
  )
  const values = fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), text)
  fc.assert(
    fc.property(values, given => {
      const { settings, faults } = parse(given)
      t.deepEqual(JSON.parse(JSON.stringify(settings)), settings)
      for (const { key } of faults) t.true(key in given || /tls_cert|netmask0/.test(key), key)
    }),
  )
})

test('an organization may be called what the server lets it be called', t => {
  t.is(new RegExp(pathName.pattern ?? '').source.replaceAll('\\d\\-', '\\d-'), organizationPattern.source)
})
