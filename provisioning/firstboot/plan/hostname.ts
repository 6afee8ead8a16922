/** The machine's name: the first label of its FQDN, which stands whole in /etc/hosts. */
import type { Settings } from '../settings.ts'
import { type Facts, planFile, renderLines, type Step } from './step.ts'

const fallback = 'dispatch'

export function planHostname({ fqdn = fallback }: Settings, { hostName }: Facts): Step[] {
  const [label = fallback] = fqdn.split('.')
  const names = label === fqdn ? label : `${fqdn} ${label}`
  const files: Step[] = [
    planFile({ path: '/etc/hostname', text: `${label}\n`, why: 'the name of this machine' }),
    planFile({ path: '/etc/hosts', text: renderHosts(names), why: 'the machine knows its own name without a server' }),
  ]
  if (hostName === label) return files
  // Not hostnamectl: there is no D-Bus yet at this time of a boot.
  const argv = ['sysctl', '--quiet', '--write', `kernel.hostname=${label}`]
  return [...files, { kind: 'command', argv, when: 'always', why: `the machine is called ${hostName} until now` }]
}

const renderHosts = (names: string): string =>
  renderLines([
    '127.0.0.1 localhost',
    `127.0.1.1 ${names}`,
    '::1 localhost ip6-localhost ip6-loopback',
    'ff02::1 ip6-allnodes',
    'ff02::2 ip6-allrouters',
  ])
