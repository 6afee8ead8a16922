/** The key trusted-proxies: addresses and networks, and nothing else. */
import test from 'ava'
import { parseProxies } from '../../../../server/config/proxies.ts'

test('addresses and networks of either family', t => {
  const proxies = parseProxies('10.0.0.7, 10.1.0.0/16,fd00::/8,2001:db8::1')
  const isNamed = (address: string) => proxies?.check(address, address.includes(':') ? 'ipv6' : 'ipv4')
  for (const address of ['10.0.0.7', '10.1.255.255', 'fd12::1', '2001:db8::1']) t.true(isNamed(address), address)
  for (const address of ['10.0.0.8', '10.2.0.0', 'fe80::1', '2001:db8::2']) t.false(isNamed(address), address)
})

test('none by default', t => {
  for (const text of ['', ' ', ',']) t.is(parseProxies(text), undefined)
})

test('anything else is refused by its name', t => {
  for (const text of [
    'proxy.example',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/1/2',
    '10.0.0',
    'fd00::/129',
    '10.0.0.0/-1',
  ])
    t.throws(() => parseProxies(`10.0.0.1,${text}`), {
      message: `trusted-proxies: "${text}" is no address or network, such as 10.0.0.7 or 10.1.0.0/16`,
    })
})
