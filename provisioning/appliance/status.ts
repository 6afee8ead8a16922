/** What an appliance says of itself: the shape that console, `dispatch appliance status` and set-up page show. */
import type { Fault } from '../firstboot/settings.ts'

export type StateName = 'booting' | 'unclaimed' | 'ready' | 'degraded' | 'resetting'

export interface AddressStatus {
  /** `ens192` */
  readonly link: string
  /** Without the prefix. */
  readonly address: string
  /** Undefined where nothing was asked for: DHCP. `matches` or `differs: 10.0.0.5 was asked for`. */
  readonly asked?: { readonly matches: boolean; readonly text: string }
}

export interface Health {
  readonly name: 'docker' | 'server' | 'disk' | 'memory' | 'clock' | 'units'
  readonly ok: boolean
  /** It starts no more by itself. */
  readonly isGivenUp?: boolean
  /** `12.1 GB of 19.5 GB free`, `not synchronized yet` */
  readonly text: string
}

export interface Status {
  readonly product: string
  readonly version: string
  readonly state: StateName
  /** Why it is degraded, or what a boot is at. */
  readonly reasons: readonly string[]
  readonly hostName: string
  /** `Set-up page`, `API`, `Gateway`, `SSH`: only what the state lets in. */
  readonly urls: readonly { readonly name: string; readonly url: string }[]
  readonly addresses: readonly AddressStatus[]
  readonly fingerprints: {
    /** SHA-256 of the certificate in hexadecimal with colons. */
    readonly tls?: string
    /** As OpenSSH shows it: `SHA256:...`. */
    readonly ssh?: string
  }
  readonly health: readonly Health[]
  /** Values that were not taken. */
  readonly faults: readonly Fault[]
  /** What failed and has not succeeded since, the newest last. */
  readonly failures: readonly string[]
  /** The newest of them. */
  readonly lastError?: string
  /** While unclaimed. */
  readonly setup?: {
    readonly isOpen: boolean
    /** Unix milliseconds. */
    readonly openUntilMs: number
    /** After wrong codes no other is looked at before; Unix milliseconds. */
    readonly waitUntilMs?: number
  }
  /** A network that goes back to the former one unless somebody confirms it on the new address. */
  readonly trial?: { readonly untilMs: number; readonly addresses: readonly string[] }
}
