/** Where people find what the appliance serves in a state. Pure. */
import type { StateName, Status } from './status.ts'

export interface UrlFacts {
  readonly state: StateName
  /** The FQDN, where there is one, then addresses. */
  readonly hosts: readonly string[]
  readonly isSshOpen: boolean
}

const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host)

export function planUrls({ state, hosts, isSshOpen }: UrlFacts): Status['urls'] {
  const [host] = hosts
  if (host === undefined || state === 'booting' || state === 'resetting') return []
  const ssh = isSshOpen ? [{ name: 'SSH', url: `ssh admin@${host}` }] : []
  if (state === 'unclaimed') return [{ name: 'Set-up page', url: `https://${inUrl(host)}/` }, ...ssh]
  return [
    { name: 'API', url: `https://${inUrl(host)}:8443/` },
    { name: 'Gateway', url: `https://${inUrl(host)}/` },
    ...ssh,
  ]
}
