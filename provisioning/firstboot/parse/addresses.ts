/** IP addresses and networks as text, and what one machine in a network can be. */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { type Outcome, quote } from './reading.ts'

export type Address = ipaddr.IPv4 | ipaddr.IPv6
export interface Network {
  readonly address: Address
  readonly prefixLength: number
}

export const bitsOf = (address: Address): number => (address.kind() === 'ipv4' ? 32 : 128)

/** Strict: neither `10.1` nor octal numbers nor an interface behind `%`. */
export function parseAddress(text: string): Outcome<Address> {
  if (isIP(text) === 0 || text.includes('%')) return { problem: `${quote(text)} is not an IPv4 or IPv6 address` }
  return { value: ipaddr.parse(text) }
}

/** IPv6 by RFC 5952. */
export const renderAddress = (address: Address): string =>
  address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString()

export const isWithin = (address: Address, network: Network): boolean =>
  address.kind() === network.address.kind() && address.match(network.address, network.prefixLength)

export const overlaps = (one: Network, other: Network): boolean =>
  one.prefixLength <= other.prefixLength ? isWithin(other.address, one) : isWithin(one.address, other)

/** With the bits behind the prefix at nought. */
export function startOf({ address, prefixLength }: Network): Network {
  const text = `${address.toString()}/${prefixLength}`
  const family = address instanceof ipaddr.IPv6 ? ipaddr.IPv6 : ipaddr.IPv4
  return { address: family.networkAddressFromCIDR(text), prefixLength }
}

const unusable: Readonly<Record<string, string>> = {
  unspecified: 'stands for no machine',
  multicast: 'is a multicast address',
  loopback: 'is a loopback address',
  broadcast: 'is the broadcast address',
  ipv4Mapped: 'is an IPv4 address written as IPv6',
}

/** Why no other machine can have it, as the end of a sentence; undefined where one can. */
export function whyNoHost(address: Address): string | undefined {
  if (address instanceof ipaddr.IPv4 && address.toByteArray().some((byte, at) => at === 0 && byte >= 240))
    return 'is a reserved address'
  return unusable[address.range()]
}

/** The same, of a machine in that network: where there is room, its ends stand for all of it. */
export function whyNoHostOf(address: Address, network: Network): string | undefined {
  const isAt = (end: Address): boolean => end.toString() === address.toString()
  if (network.prefixLength < bitsOf(address) - 1) {
    if (isAt(startOf(network).address)) return 'is the address of the network itself'
    const text = `${address.toString()}/${network.prefixLength}`
    if (address instanceof ipaddr.IPv4 && isAt(ipaddr.IPv4.broadcastAddressFromCIDR(text)))
      return 'is the broadcast address of its network'
  }
  return whyNoHost(address)
}
