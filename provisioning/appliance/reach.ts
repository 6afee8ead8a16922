/** What decides whether a machine is still reached; other name servers lock nobody out. Pure. */
import type { Settings } from '../firstboot/settings.ts'

const reachOf = ({ network: { address, gateway, mtu }, containerNetwork }: Settings): unknown => [
  ...[address, gateway, mtu],
  // What it holds is looked for among the containers, not outside.
  containerNetwork,
]

export const isReachedAlike = (one: Settings, other: Settings): boolean =>
  JSON.stringify(reachOf(one)) === JSON.stringify(reachOf(other))

/** Nothing else is tried, whatever else is wanted. */
export function withReachOf(wanted: Settings, present: Settings): Settings {
  const { containerNetwork: _former, ...rest } = present
  const { network, containerNetwork } = wanted
  return { ...rest, network, ...(containerNetwork !== undefined && { containerNetwork }) }
}
