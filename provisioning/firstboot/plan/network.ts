/** The network of the first real card, for systemd-networkd; the others stay with 20-wired.network, which asks DHCP. */
import { BlockList, isIP } from 'node:net'
import { noSettings, type Settings, type StaticAddress } from '../settings.ts'
import { type Facts, type Link, planAbsent, planFile, renderLines, type Step } from './step.ts'

export const networkFile = '/etc/systemd/network/10-appliance.network'

type Network = Settings['network']

const untold = [noSettings.network, noSettings.timeServers]
type Section = readonly [name: string, lines: readonly string[]]

export function planNetwork(settings: Settings, facts: Facts): Step[] {
  const [link] = facts.links
  const path = networkFile
  const why = settings.network.address ? 'the address, as it was given' : 'the address, by DHCP'
  const isTold = JSON.stringify([settings.network, settings.timeServers]) !== JSON.stringify(untold)
  return [
    // Without it every card asks DHCP (20-wired.network).
    isTold ? planFile({ path, text: renderNetwork(settings, link), why }) : planAbsent(path, why),
    {
      kind: 'command',
      // Over D-Bus, which waits for one that is just starting: to systemctl that would be nothing to do.
      argv: ['networkctl', 'reload'],
      when: [path],
      why: 'it gives the links of a file that is another one their addresses anew',
    },
  ]
}

export function renderNetwork({ network, timeServers }: Settings, link: Link | undefined): string {
  const sections: Section[] = [
    ['Match', [...(link ? [`PermanentMACAddress=${link.mac}`] : []), 'Type=ether', 'Kind=!*']],
    ['Link', network.mtu === undefined ? [] : [`MTUBytes=${network.mtu}`]],
    ['Network', [...renderAddress(network), ...renderNames(network)]],
    ['Route', renderRoute(network)],
    ...(network.address ? [] : renderDhcp(network, timeServers)),
    ['IPv6AcceptRA', renderAdvertisements(network)],
  ]
  const filled = sections.filter(([, lines]) => lines.length > 0)
  return filled.map(([name, lines]) => renderLines([`[${name}]`, ...lines])).join('\n')
}

function renderAddress({ address, gateway }: Network): string[] {
  if (address === undefined) return ['DHCP=yes', 'IPv6AcceptRA=yes']
  const hasOwnRoute = isIP(address.address) === 6 && gateway !== undefined
  return [
    `Address=${address.address}/${address.prefixLength}`,
    'DHCP=no',
    // Otherwise routers still give addresses and routes of IPv6, as they do without any setting.
    `IPv6AcceptRA=${hasOwnRoute ? 'no' : 'yes'}`,
  ]
}

/** Names are asked of the given servers alone: `~.` keeps those that another card's DHCP tells for that card's own domains. */
function renderNames({ nameServers, searchDomains }: Network): string[] {
  const domains = [...searchDomains, ...(nameServers.length > 0 ? ['~.'] : [])]
  return [
    ...nameServers.map(server => `DNS=${server}`),
    ...(domains.length > 0 ? [`Domains=${domains.join(' ')}`] : []),
  ]
}

function renderRoute({ address, gateway }: Network): string[] {
  if (address === undefined || gateway === undefined) return []
  return [`Gateway=${gateway}`, ...(isOnLink(gateway, address) ? [] : ['GatewayOnLink=yes'])]
}

/** Without being told: within the subnet, or link-local. */
function isOnLink(gateway: string, { address, prefixLength }: StaticAddress): boolean {
  const family = isIP(gateway) === 6 ? 'ipv6' : 'ipv4'
  const subnet = new BlockList()
  subnet.addSubnet(address, prefixLength, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  subnet.addSubnet('fe80::', 10, 'ipv6')
  return subnet.check(gateway, family)
}

/** What is given wins over what DHCP says. */
function renderDhcp({ nameServers, mtu }: Network, timeServers: Settings['timeServers']): Section[] {
  const both = [...(nameServers.length > 0 ? ['UseDNS=no'] : []), ...(timeServers.length > 0 ? ['UseNTP=no'] : [])]
  return [
    ['DHCPv4', ['ClientIdentifier=mac', ...(mtu === undefined ? ['UseMTU=yes'] : []), ...both]],
    ['DHCPv6', both],
  ]
}

function renderAdvertisements({ nameServers, mtu }: Network): string[] {
  return [...(nameServers.length > 0 ? ['UseDNS=no'] : []), ...(mtu === undefined ? [] : ['UseMTU=no'])]
}
