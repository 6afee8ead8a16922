/** Puts together what the appliance says of itself. */
import type { Fault } from '../firstboot/settings.ts'
import { compareAddresses, type LinkAddress } from './addresses.ts'
import type { Keeper } from './settings-keeper.ts'
import type { SetupWindow } from './setup-window.ts'
import type { State } from './state.ts'
import type { Health, Status } from './status.ts'
import { planUrls } from './urls.ts'

export interface ReportFacts {
  readonly version: string
  readonly hostName: string
  readonly state: State
  readonly addresses: readonly LinkAddress[]
  readonly health: readonly Health[]
  readonly keeper: Pick<Keeper, 'current' | 'trying'>
  readonly window: Pick<SetupWindow, 'leftMs' | 'pauseMs' | 'openUntilMs' | 'pausedUntilMs'>
  readonly fingerprints: Status['fingerprints']
  /** Of the sources that were read at boot. */
  readonly sourceFaults: readonly Fault[]
  readonly isSshOpen: boolean
  /** The newest last. */
  readonly failures: readonly string[]
}

/** The name comes first: it stays when addresses change. Addresses within one link are no use to others. */
export function planHosts(fqdn: string | undefined, addresses: readonly LinkAddress[]): string[] {
  return [...(fqdn === undefined ? [] : [fqdn]), ...new Set(addresses.map(({ address }) => address))]
}

export function createReport(facts: ReportFacts): Status {
  const { version, hostName, state, addresses, health, fingerprints, isSshOpen, failures } = facts
  const { settings, faults } = facts.keeper.current()
  const hosts = planHosts(settings.fqdn, addresses)
  const { window } = facts
  const lastError = failures.at(-1)
  const trying = facts.keeper.trying()
  return {
    product: 'Dispatch Solo',
    version,
    state: state.name,
    reasons: state.reasons,
    hostName,
    urls: planUrls({ state: state.name, hosts, isSshOpen }),
    addresses: compareAddresses(addresses, settings.network.address),
    fingerprints,
    health,
    faults: [...facts.sourceFaults, ...faults],
    failures,
    ...(lastError !== undefined && { lastError }),
    ...(state.name === 'unclaimed' && {
      setup: {
        isOpen: window.leftMs() > 0,
        openUntilMs: window.openUntilMs(),
        ...(window.pauseMs() > 0 && { waitUntilMs: window.pausedUntilMs() }),
      },
    }),
    ...(trying && { trial: trying }),
  }
}
