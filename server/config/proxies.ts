/** Which proxies may say, in X-Forwarded-For, who a client is. */
import { BlockList, isIP } from 'node:net'
import { ConfigError } from './error.ts'

const bitsOf = { ipv4: 32, ipv6: 128 }

/** Addresses and networks, such as `10.0.0.7, 10.1.0.0/16, fd00::/8`; undefined: none. Throws ConfigError. */
export function parseProxies(text: string): BlockList | undefined {
  const named = text.split(',').flatMap(part => part.trim() || [])
  if (named.length === 0) return undefined
  const proxies = new BlockList()
  for (const each of named) addTo(proxies, each)
  return proxies
}

function addTo(proxies: BlockList, named: string): void {
  const [address = '', prefix, ...more] = named.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  const bits = prefix === undefined ? bitsOf[family] : Number(prefix)
  const isNetwork = isIP(address) !== 0 && more.length === 0 && /^\d+$/.test(prefix ?? '0') && bits <= bitsOf[family]
  if (!isNetwork)
    throw new ConfigError(`trusted-proxies: "${named}" is no address or network, such as 10.0.0.7 or 10.1.0.0/16`)
  proxies.addSubnet(address, bits, family)
}
