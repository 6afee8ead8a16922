/** What an appliance is told about itself, as text and as parsed: properties, set-up page and `settings set` all speak this. */

/**
 * Text by key, as an import gives it: the keys of `ova/properties.ts` (`network.ip0`), and `network.mtu`, which only the
 * set-up page and `settings set` know. Absent, blank, `null` and `""` are the same.
 */
export type Values = Readonly<Record<string, string>>

/** A value that was not taken. */
export interface Fault {
  /** `network.gateway` */
  readonly key: string
  /** What is wrong with it, for people. Holds nothing of the value where that is secret. */
  readonly problem: string
  /** What is done instead: `DHCP is used`. */
  readonly instead: string
}

export interface StaticAddress {
  readonly address: string
  readonly prefixLength: number
}

export interface Settings {
  /** Lower case; undefined: `dispatch`. */
  readonly fqdn?: string
  readonly network: {
    /** undefined: DHCP and router advertisements. */
    readonly address?: StaticAddress
    readonly gateway?: string
    readonly nameServers: readonly string[]
    readonly searchDomains: readonly string[]
    /** Bytes; undefined: what the network says. */
    readonly mtu?: number
  }
  readonly timeServers: readonly string[]
  readonly proxy: { readonly http?: string; readonly https?: string; readonly exceptions: readonly string[] }
  /** IPv4 network in CIDR notation; undefined: Docker's own choice. */
  readonly containerNetwork?: string
  /** The administrator's own pair, PEM; undefined: the appliance makes one. */
  readonly certificate?: { readonly chainPem: string; readonly keyPem: string }
  /** Authorities to trust, PEM, one certificate each. */
  readonly authorities: readonly string[]
  readonly ssh: {
    /** One OpenSSH line each. */
    readonly authorizedKeys: readonly string[]
    /** Keys go to root only when the value was given. */
    readonly rootLogin: 'permitted' | 'refused' | 'unsaid'
  }
  readonly organization: string
}

export type Login = 'root' | 'admin'

/** To the letter as given, trailing blanks too. Used once, and nowhere written down in clear. */
export interface Credentials {
  readonly rootPassword?: string
  readonly adminPassword?: string
  /** Who is to have none any more. */
  readonly withdrawn?: readonly Login[]
}

/** The pure outcome of reading values: what can be used, and what cannot, by name. */
export interface Parsed {
  readonly settings: Settings
  readonly credentials: Credentials
  readonly faults: readonly Fault[]
}

/** Of an appliance that was told nothing. */
export const noSettings: Settings = {
  network: { nameServers: [], searchDomains: [] },
  timeServers: [],
  proxy: { exceptions: [] },
  authorities: [],
  ssh: { authorizedKeys: [], rootLogin: 'unsaid' },
  organization: 'dispatch',
}
