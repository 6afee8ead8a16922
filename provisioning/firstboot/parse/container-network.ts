/** The network that containers get their addresses from: large enough for Docker, and nobody else's on site. */
import ipaddr from 'ipaddr.js'
import { type Network, overlaps, parseAddress, renderAddress, startOf } from './addresses.ts'
import { type Outcome, quote } from './reading.ts'

/** The plan makes eight networks of it (../plan/containers.ts): of 128 addresses at least. */
const prefixLengths = { min: 8, max: 22 }
const privateRanges = ['private', 'carrierGradeNat']

function parseNetwork(text: string): Network | undefined {
  const [start = '', prefix = '', ...more] = text.trim().split('/')
  const address = parseAddress(start)
  if ('problem' in address || !/^\d{1,2}$/.test(prefix) || more.length > 0) return undefined
  return address.value instanceof ipaddr.IPv4 ? { address: address.value, prefixLength: Number(prefix) } : undefined
}

/** Must overlap none of `others`, which are reached past the containers. */
export function parseContainerNetwork(text: string, others: readonly Network[]): Outcome<string> {
  const given = parseNetwork(text)
  if (given === undefined) return { problem: `${quote(text)} is no IPv4 network, as in 172.30.0.0/16` }
  const { min, max } = prefixLengths
  if (given.prefixLength < min || given.prefixLength > max)
    return { problem: `${quote(text)} has no prefix between ${min} and ${max}` }
  const network = startOf(given)
  const end = ipaddr.IPv4.broadcastAddressFromCIDR(`${network.address.toString()}/${network.prefixLength}`)
  if (![network.address.range(), end.range()].every(range => privateRanges.includes(range)))
    return { problem: `${quote(text)} is not private: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and 100.64.0.0/10 are` }
  const other = others.find(each => overlaps(each, network))
  if (other !== undefined) return { problem: `${quote(text)} holds ${renderAddress(other.address)}, which is outside` }
  return { value: `${renderAddress(network.address)}/${network.prefixLength}` }
}
