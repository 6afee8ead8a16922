/** What systemd-networkd is told. */
import test from 'ava'
import { planSteps } from '../../../../../provisioning/firstboot/plan/plan.ts'
import { noSettings, type Settings } from '../../../../../provisioning/firstboot/settings.ts'
import { freshFacts } from '../../../../helpers/plan-cases.ts'

const networkOf = (changes: Partial<Settings['network']>, more: Partial<Settings> = {}, facts = freshFacts) =>
  planSteps({ ...noSettings, network: { ...noSettings.network, ...changes }, ...more }, facts).flatMap(step =>
    step.kind === 'file' && step.path === '/etc/systemd/network/10-appliance.network' ? [step.text] : [],
  )[0]

const match = '[Match]\nPermanentMACAddress=00:0c:29:aa:bb:cc\nType=ether\nKind=!*\n'

test('DHCP: the client is its card, and the network says the rest', t => {
  const rest = 'DHCP=yes\nIPv6AcceptRA=yes\nDomains=a\n\n[DHCPv4]\nClientIdentifier=mac\nUseMTU=yes\n'
  t.is(networkOf({ searchDomains: ['a'] }), `${match}\n[Network]\n${rest}`)
})

test('DHCP: what is given wins over what the network says', t => {
  t.is(
    networkOf(
      { nameServers: ['10.0.0.2', 'fd00::2'], searchDomains: ['a.example'], mtu: 9000 },
      { timeServers: ['t'] },
    ),
    `${match}
[Link]
MTUBytes=9000

[Network]
DHCP=yes
IPv6AcceptRA=yes
DNS=10.0.0.2
DNS=fd00::2
Domains=a.example ~.

[DHCPv4]
ClientIdentifier=mac
UseDNS=no
UseNTP=no

[DHCPv6]
UseDNS=no
UseNTP=no

[IPv6AcceptRA]
UseDNS=no
UseMTU=no
`,
  )
})

test('a static IPv4 address; routers still tell addresses of IPv6', t => {
  t.is(
    networkOf({ address: { address: '10.0.0.5', prefixLength: 24 }, gateway: '10.0.0.1' }),
    `${match}\n[Network]\nAddress=10.0.0.5/24\nDHCP=no\nIPv6AcceptRA=yes\n\n[Route]\nGateway=10.0.0.1\n`,
  )
})

test('a static IPv6 address with its gateway leaves nothing to routers; without one they tell it', t => {
  const address = { address: '2001:db8::5', prefixLength: 64 }
  t.is(
    networkOf({ address, gateway: '2001:db8::1' }),
    `${match}\n[Network]\nAddress=2001:db8::5/64\nDHCP=no\nIPv6AcceptRA=no\n\n[Route]\nGateway=2001:db8::1\n`,
  )
  t.is(networkOf({ address }), `${match}\n[Network]\nAddress=2001:db8::5/64\nDHCP=no\nIPv6AcceptRA=yes\n`)
})

test('a gateway outside the subnet is reached over the link; a link-local one needs no word', t => {
  const lone = { address: '10.0.0.5', prefixLength: 32 }
  t.regex(
    networkOf({ address: lone, gateway: '10.9.9.9' }) ?? '',
    /\[Route\]\nGateway=10\.9\.9\.9\nGatewayOnLink=yes\n/,
  )
  const address = { address: '2001:db8::5', prefixLength: 64 }
  t.notRegex(networkOf({ address, gateway: 'fe80::1' }) ?? '', /GatewayOnLink/)
})

test('a machine whose card is not seen has it matched by what it is', t => {
  const text = networkOf({}, { timeServers: ['t'] }, { ...freshFacts, links: [] })
  t.regex(text ?? '', /^\[Match\]\nType=ether\nKind=!\*\n/)
})
