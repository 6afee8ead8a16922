/** What programs read to resolve names: systemd-resolved's address, and the domains in which short names are looked up. */
import type { Settings } from '../settings.ts'
import { planFile, renderLines, type Step } from './step.ts'

export function planResolver({ network }: Settings): Step[] {
  const why = 'names are asked of systemd-resolved, short ones in the search domains'
  return [planFile({ path: '/etc/resolv.conf', text: renderResolver(network.searchDomains), why })]
}

/** Without domains as it is shipped. */
const renderResolver = (domains: readonly string[]): string =>
  renderLines([
    '# systemd-resolved, by its second address. Docker takes the first one, 127.0.0.53, for the name servers known when a',
    "# container starts, which may be before DHCP; this one it asks each time anew, from the machine's own network.",
    'nameserver 127.0.0.54',
    'options edns0 trust-ad',
    // A single dot: nothing is added, and no domain is taken from the host name.
    `search ${domains.length > 0 ? domains.join(' ') : '.'}`,
  ])
