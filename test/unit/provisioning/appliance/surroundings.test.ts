import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { namePresent, planNeighbours, readSurroundings } from '../../../../provisioning/appliance/surroundings.ts'

/** As Linux writes it. */
const routes = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
ens192\t0001A8C0\t00000000\t0001\t0\t0\t1024\t00FFFFFF\t0\t0\t0
ens192\t00000000\t0101A8C0\t0003\t0\t0\t1024\t00000000\t0\t0\t0
`

test('gateway and name servers are found as kernel and resolver have them', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'surroundings-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const places = { networkClass: folder, nameServers: join(folder, 'resolv.conf'), routes: join(folder, 'route') }
  t.deepEqual(readSurroundings(places), { cards: [], addresses: [], nameServers: [] })
  await writeFile(places.routes, routes)
  await writeFile(
    places.nameServers,
    '# nameserver 1.1.1.1\nnameserver 192.168.1.2\nnameserver fe80::1%2\nsearch lan\n',
  )
  await mkdir(join(folder, 'ens192/device'), { recursive: true })
  t.deepEqual(readSurroundings(places), {
    ...{ cards: ['ens192'], addresses: [], gateway: '192.168.1.1', nameServers: ['192.168.1.2'] },
  })
})

test('neighbours are networks: an address with its prefix, others alone', t => {
  const addresses = [{ link: 'ens192', address: '192.168.1.20', prefixLength: 24 }]
  const neighbours = planNeighbours({ addresses, gateway: '192.168.1.1', nameServers: ['2001:db8::2', 'nonsense'] })
  t.deepEqual(
    neighbours.map(({ address, prefixLength }) => `${address.toString()}/${prefixLength}`),
    ['192.168.1.20/24', '192.168.1.1/32', '2001:db8::2/128'],
  )
})

const four = { link: 'ens192', address: '192.168.1.20', prefixLength: 24 }
const six = { link: 'ens192', address: '2001:db8::5', prefixLength: 64 }
const one = { cards: ['ens192'], addresses: [six, four], gateway: '192.168.1.1', nameServers: ['a', 'b'] }

test('what is there is named by the keys of an import', t => {
  t.deepEqual(namePresent(one, 'solo'), {
    ...{ 'network.fqdn': 'solo', 'network.ip0': '192.168.1.20/24', 'network.gateway': '192.168.1.1' },
    'network.DNS': 'a b',
  })
})

for (const [title, odd] of [
  ['several cards', { cards: ['ens192', 'ens224'] }],
  ['IPv6 alone', { addresses: [six] }],
  ['a lease of the host alone', { addresses: [{ ...four, prefixLength: 32 }] }],
  ['no address', { addresses: [] }],
] as const)
  test(`no address stands ready with ${title}`, t => {
    t.deepEqual(namePresent({ ...one, ...odd }, 'solo'), { 'network.fqdn': 'solo', 'network.DNS': 'a b' })
  })
