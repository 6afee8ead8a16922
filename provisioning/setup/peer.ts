/** Who counts as one where each gets so much: an address, and of IPv6 a network, for of its addresses everybody has as many as they like. */
import ipaddr from 'ipaddr.js'

export function peerOf(remoteAddress: string | undefined): string {
  // A connection that has ended has none.
  if (remoteAddress === undefined || !ipaddr.isValid(remoteAddress)) return ''
  const address = ipaddr.process(remoteAddress)
  if (!(address instanceof ipaddr.IPv6)) return address.toString()
  return `${address.parts
    .slice(0, 4)
    .map(part => part.toString(16))
    .join(':')}::/64`
}
