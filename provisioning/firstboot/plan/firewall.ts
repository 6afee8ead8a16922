/** Who answers the network in which state, as text for nftables: a part of the table that /etc/nftables.conf makes. */
import type { StateName } from '../../appliance/status.ts'
import { gatewayTlsPort, publicPorts, setupPorts } from '../../ports.ts'
import { renderLines } from './step.ts'

/** /etc/nftables.conf includes it: loading that one changes all rules at once. */
export const firewallFile = '/run/dispatch-appliance/firewall.nft'
export const loadFirewall: readonly string[] = ['nft', '--file', '/etc/nftables.conf']

export interface FirewallOptions {
  /** Whether anybody could log in: else the port stays closed. */
  readonly ssh: boolean
  /** Whether an authority asks by HTTP whose a domain is; the gateway answers it. Once claimed, for before it is the set-up page's. */
  readonly http: boolean
}

interface Redirect {
  readonly from: readonly number[]
  readonly to: number
  /** For programs on this machine too, which otherwise reach the server's own ports. */
  readonly onLoopback: boolean
}

interface Opening {
  readonly ports: readonly number[]
  readonly redirects: readonly Redirect[]
}

const closed: Opening = { ports: [], redirects: [] }

const unclaimed: Opening = {
  ports: [],
  redirects: [
    { from: [publicPorts.https], to: setupPorts.page, onLoopback: true },
    { from: [publicPorts.http], to: setupPorts.redirect, onLoopback: true },
    { from: [publicPorts.api, publicPorts.gateway], to: setupPorts.refusal, onLoopback: false },
    { from: [publicPorts.apiTls], to: setupPorts.refusalTls, onLoopback: false },
  ],
}

const claimed: Opening = {
  ports: [publicPorts.api, publicPorts.gateway, publicPorts.apiTls],
  redirects: [{ from: [publicPorts.https], to: gatewayTlsPort, onLoopback: true }],
}

const byHttp: Redirect = { from: [publicPorts.http], to: publicPorts.gateway, onLoopback: true }

const openings: Readonly<Record<StateName, Opening>> = {
  booting: closed,
  unclaimed,
  ready: claimed,
  degraded: claimed,
  resetting: closed,
}

export function renderFirewall(state: StateName, { ssh, http }: FirewallOptions): string {
  const opening = openings[state]
  const { ports } = opening
  const redirects = http && opening === claimed ? [...opening.redirects, byHttp] : opening.redirects
  if (opening === closed) return renderLines([`# ${state}: nothing is let in.`])
  const open = ssh ? [publicPorts.ssh, ...ports] : ports
  return renderLines([
    `# ${state}`,
    'table inet dispatch {',
    ...renderChain('admitted', [
      ...(open.length > 0 ? [`tcp dport ${renderSet(open)} accept`] : []),
      // Themselves they are closed: who comes by them has asked for another port.
      `ct status dnat tcp dport ${renderSet(redirects.map(({ to }) => to))} accept`,
    ]),
    ...renderChain('arriving', [
      'type nat hook prerouting priority dstnat - 10; policy accept;',
      `iifname ${bridges} accept`,
      ...redirects.map(redirect => renderRedirect('fib daddr type local', redirect)),
    ]),
    ...renderChain('looped', [
      'type nat hook output priority -110; policy accept;',
      ...redirects.filter(({ onLoopback }) => onLoopback).map(redirect => renderRedirect('oif "lo"', redirect)),
    ]),
    '}',
  ])
}

/** Of containers, Docker's and the server's (server/docker/egress-rules.ts). */
const bridges = '{ "lo", "docker*", "br-*", "veth*", "dispatch*" }'

const renderChain = (name: string, lines: readonly string[]): string[] => [
  `  chain ${name} {`,
  ...lines.map(line => `    ${line}`),
  '  }',
]

const renderRedirect = (condition: string, { from, to }: Redirect): string =>
  `${condition} tcp dport ${renderSet(from)} redirect to :${to}`

const renderSet = (ports: readonly number[]): string => (ports.length === 1 ? `${ports[0]}` : `{ ${ports.join(', ')} }`)
