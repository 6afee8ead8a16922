/** The names that a certificate made here is for: those by which clients may reach this server. */
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

export function readMachine(): Machine {
  const addresses = Object.entries(networkInterfaces())
    .filter(([name]) => !ofContainers.test(name))
    .flatMap(([, found = []]) => found)
    .filter(({ internal, address }) => !internal && !ofOneLink.test(address))
    .map(({ address }) => address)
  return { hostName: hostname(), addresses }
}
