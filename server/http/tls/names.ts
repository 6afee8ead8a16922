/** The names that a certificate made here is for: those by which clients may reach this server. */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

export interface Machine {
  hostName: string
  /** Those at which others reach it. */
  addresses: readonly string[]
}

const everywhere = new Set(['0.0.0.0', '::'])
const onThisMachine = ['localhost', '127.0.0.1', '::1']
/** Docker's own networks, whose addresses no client knows. */
const ofContainers = /^(?:docker|br-|veth)/
const ofOneLink = /^(?:fe80:|169\.254\.)/i
const hostName = /^(?=.{1,253}$)[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d])?(?:\.[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d])?)*$/i

/** Addresses within one link, with `%`, are none: certificates cannot hold them. */
export const isName = (text: string): boolean => (isIP(text) !== 0 && !text.includes('%')) || hostName.test(text)

/** The first one names the whole. `given`: what the operator calls it; `host`: what is listened on. */
export function planNames(given: readonly string[], host: string, machine: Machine): string[] {
  // Addresses come and go, and each new one would make another certificate: only for want of a name are they looked at.
  const everyAddress = given.length > 0 ? [] : machine.addresses
  const reached = everywhere.has(host) ? [machine.hostName, ...everyAddress] : [host]
  return [...new Set([...given, ...reached.filter(isName), ...onThisMachine])]
}

/** IFA_F_TEMPORARY of Linux. */
const isTemporary = 0x01

/** An address has many spellings. IPv6 may end in the notation of IPv4, which not everybody reads. */
export const plainOf = (address: string): string =>
  isIP(address) === 6 && !address.includes('%') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address

/**
 * Of what Linux tells of its IPv6 addresses (/proc/net/if_inet6) those that it makes up for some hours, so that nobody is known by
 * them: as `plainOf` spells them. Pure.
 */
export const parseTemporary = (table: string): Set<string> =>
  new Set(
    table
      .split('\n')
      .map(line => line.trim().split(/\s+/))
      .filter(([, , , , flags = '']) => (Number.parseInt(flags, 16) & isTemporary) !== 0)
      .map(([digits = '']) => plainOf(digits.match(/.{4}/g)?.join(':') ?? '')),
  )

/** '' where the system has no such table, and tells of none. */
function readTable(): string {
  try {
    return readFileSync('/proc/net/if_inet6', 'utf8')
  } catch {
    return ''
  }
}

export function readMachine(): Machine {
  const temporary = parseTemporary(readTable())
  const addresses = Object.entries(networkInterfaces())
    .filter(([name]) => !ofContainers.test(name))
    .flatMap(([, found = []]) => found)
    .filter(({ internal, address }) => !internal && !ofOneLink.test(address) && !temporary.has(plainOf(address)))
    .map(({ address }) => address)
  return { hostName: hostname(), addresses }
}
