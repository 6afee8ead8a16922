/** Who is at the other end: the address of a client, also behind proxies that are trusted to tell it. Pure. */
import type { IncomingMessage } from 'node:http'
import { type BlockList, isIP, isIPv6 } from 'node:net'

/** Addresses of proxies. */
export type TrustedProxies = Pick<BlockList, 'check'>

const plain = (address: string): string => address.trim().replace(/^::ffff:(?=[\d.]+$)/i, '')

export const isTrusted = (proxies: TrustedProxies, address: string): boolean =>
  proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

/** Each proxy adds who it was called by, at the end: what stands before the last one that is trusted may be anybody's word. */
export function clientAddressOf({ socket, headers }: IncomingMessage, proxies: TrustedProxies | undefined): string {
  let address = plain(socket.remoteAddress ?? '')
  if (!proxies) return address
  const told = String(headers['x-forwarded-for'] ?? '').split(',')
  while (isIP(address) !== 0 && isTrusted(proxies, address)) {
    const before = plain(told.pop() ?? '')
    if (isIP(before) === 0) return address
    address = before
  }
  return address
}

/** Who has one address of an IPv6 network of 64 bits has them all. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail = ''] = address.split('::')
  const [first, last] = [head, tail].map(part => part.split(':').filter(Boolean))
  const filled = [
    ...(first ?? []),
    ...Array(8)
      .fill('0')
      .slice((first?.length ?? 0) + (last?.length ?? 0)),
    ...(last ?? []),
  ]
  const groups = filled.slice(0, 4).map(group => Number.parseInt(group, 16).toString(16))
  return `${groups.join(':')}::/64`
}
