/** Address, netmask and gateway: taken together or not at all, since half of them would be a network that nobody reaches. */
import type { StaticAddress } from '../settings.ts'
import { type Address, bitsOf, isWithin, type Network, parseAddress, renderAddress, whyNoHostOf } from './addresses.ts'
import { type Outcome, quote, type ValueReader } from './reading.ts'

const keys = { address: 'network.ip0', mask: 'network.netmask0', gateway: 'network.gateway' }

export interface StaticNetwork {
  readonly address: StaticAddress
  readonly gateway?: string
  /** The subnet, by its own address in it. */
  readonly subnet: Network
}

type Judged<T> = { readonly value: T } | { readonly key: string; readonly problem: string }

/** One address alone is no network: its prefix must leave room for a neighbour. */
function parsePrefix(text: string, address: Address): Outcome<number> {
  const bits = bitsOf(address)
  const mask = /^\d{1,3}$/.test(text) ? undefined : parseAddress(text)
  if (mask === undefined) {
    const length = Number(text)
    return length >= 1 && length < bits
      ? { value: length }
      : { problem: `${quote(text)} is no prefix between 1 and ${bits - 1}` }
  }
  if (!('value' in mask) || mask.value.kind() !== address.kind())
    return { problem: `${quote(text)} is neither a mask, as in 255.255.255.0, nor a prefix, as in 24` }
  const length = mask.value.prefixLengthFromSubnetMask()
  if (length === null) return { problem: `${quote(text)} is no mask: its ones are not all in front` }
  return parsePrefix(`${length}`, address)
}

/** As the only address of a machine. */
const whyUnreached = (address: Address): string | undefined =>
  address.range() === 'linkLocal' ? 'is a link-local address, which nobody reaches from another network' : undefined

function judgeSubnet(given: string, mask: string | undefined): Judged<Network> {
  const [text = '', prefix, ...more] = given.trim().split('/')
  const address = more.length > 0 ? parseAddress(given) : parseAddress(text)
  if ('problem' in address) return { key: keys.address, ...address }
  if (prefix === undefined && mask === undefined)
    return { key: keys.mask, problem: `it is missing, and ${keys.address} has no prefix` }
  const inAddress = prefix === undefined ? undefined : parsePrefix(prefix, address.value)
  if (inAddress !== undefined && 'problem' in inAddress) return { key: keys.address, ...inAddress }
  const apart = mask === undefined ? inAddress : parsePrefix(mask.trim(), address.value)
  if (apart === undefined || 'problem' in apart) return { key: keys.mask, problem: apart?.problem ?? 'it is missing' }
  if (inAddress !== undefined && inAddress.value !== apart.value)
    return { key: keys.mask, problem: `it is not the prefix of ${keys.address}, ${inAddress.value}` }
  const subnet = { address: address.value, prefixLength: apart.value }
  const why = whyNoHostOf(address.value, subnet) ?? whyUnreached(address.value)
  return why === undefined ? { value: subnet } : { key: keys.address, problem: `${quote(given)} ${why}` }
}

function judgeGateway(given: string, subnet: Network): Judged<string> {
  const gateway = parseAddress(given.trim())
  const refuse = (problem: string) => ({ key: keys.gateway, problem })
  if ('problem' in gateway) return refuse(gateway.problem)
  const text = renderAddress(gateway.value)
  const isNeighbour = gateway.value.range() === 'linkLocal' && gateway.value.kind() === 'ipv6'
  if (!isWithin(gateway.value, subnet) && !(isNeighbour && subnet.address.kind() === 'ipv6'))
    return refuse(`${text} is not in the network of ${keys.address}`)
  if (text === renderAddress(subnet.address)) return refuse(`${text} is the address of this machine itself`)
  const why = isNeighbour ? undefined : whyNoHostOf(gateway.value, { ...subnet, address: gateway.value })
  return why === undefined ? { value: text } : refuse(`${text} ${why}`)
}

/** Undefined for DHCP. */
export function readStaticNetwork(reader: ValueReader): StaticNetwork | undefined {
  const given = reader.text(keys.address)
  const mask = reader.text(keys.mask)
  const gateway = reader.text(keys.gateway)
  if (given === undefined) {
    if (mask !== undefined) reader.refuse(keys.mask, `there is no ${keys.address} that it belongs to`)
    if (gateway !== undefined) reader.refuse(keys.gateway, `there is no ${keys.address} that it belongs to`)
    return undefined
  }
  const subnet = judgeSubnet(given, mask)
  const judged = 'problem' in subnet || gateway === undefined ? subnet : judgeGateway(gateway, subnet.value)
  if ('problem' in judged) reader.refuse(judged.key, judged.problem)
  if ('problem' in subnet || 'problem' in judged) return undefined
  const address = { address: renderAddress(subnet.value.address), prefixLength: subnet.value.prefixLength }
  return { address, subnet: subnet.value, ...(typeof judged.value === 'string' && { gateway: judged.value }) }
}
