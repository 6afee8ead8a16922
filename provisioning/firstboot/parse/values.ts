/** Turns what an appliance is told into what it does: each value is checked before any is applied. Pure. */
import type { Credentials, Fault, Parsed, Settings, Values } from '../settings.ts'
import { bitsOf, type Network, parseAddress } from './addresses.ts'
import { readAuthorities } from './authorities.ts'
import { readCertificate } from './certificate.ts'
import { parseContainerNetwork } from './container-network.ts'
import { readCredentials } from './credentials.ts'
import { isKnownKey, mtuKey } from './instead.ts'
import { parseDomain, parseHostAddress, parseNameOrAddress, parseOwnName } from './names.ts'
import { parseException, parseProxy } from './proxy.ts'
import { createReader, isAbsent, type Outcome, quote, type ValueReader } from './reading.ts'
import { readSshKeys } from './ssh-keys.ts'
import { readStaticNetwork, type StaticNetwork } from './static-network.ts'

const defaultOrganization = 'dispatch'
/** The least of IPv6, and what network cards take. */
const mtuBytes = { min: 1280, max: 9000 }
const loginKey = 'appliance.permit_root_login'
/** Others' properties are none of ours, but a key that is wrong by a letter should be told. */
const ownClasses = /^(?:appliance|network|dispatch)\./

function parseMtu(text: string): Outcome<number> {
  const bytes = /^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN
  const { min, max } = mtuBytes
  return bytes >= min && bytes <= max
    ? { value: bytes }
    : { problem: `${quote(text)} is not between ${min} and ${max}` }
}

function parseBoolean(text: string): Outcome<boolean> {
  const value = { true: true, '1': true, false: false, '0': false }[text.trim().toLowerCase()]
  return value === undefined ? { problem: `${quote(text)} is neither true nor false` } : { value }
}

/** The pattern of the server. */
export const organizationPattern = /^[\w\d-]+$/
function parseOrganization(given: string): Outcome<string> {
  const text = given.trim()
  if (organizationPattern.test(text)) return { value: text }
  return { problem: `${quote(text)} may hold letters a to z, digits, dashes and underscores only` }
}

function readNetwork(reader: ValueReader, fixed: StaticNetwork | undefined): Settings['network'] {
  const mtu = reader.one(mtuKey, parseMtu)
  return {
    ...(fixed !== undefined && { address: fixed.address }),
    ...(fixed?.gateway !== undefined && { gateway: fixed.gateway }),
    nameServers: reader.list('network.DNS', parseHostAddress),
    searchDomains: reader.list('network.searchpath', parseDomain),
    ...(mtu !== undefined && { mtu }),
  }
}

/** What must be reached past the containers: who gives names, and the own subnet, which takes the place of what is there now. */
function listNeighbours(
  fixed: StaticNetwork | undefined,
  nameServers: readonly string[],
  present: readonly Network[],
): readonly Network[] {
  const servers = nameServers.map(parseAddress).flatMap(server => ('value' in server ? [server.value] : []))
  return [
    ...(fixed === undefined ? present : [fixed.subnet]),
    ...servers.map(address => ({ address, prefixLength: bitsOf(address) })),
  ]
}

function readProxy(reader: ValueReader): Settings['proxy'] {
  const http = reader.one('network.http_proxy', parseProxy)
  const https = reader.one('network.https_proxy', parseProxy)
  const exceptions = reader.list('network.no_proxy', parseException)
  return { ...(http !== undefined && { http }), ...(https !== undefined && { https }), exceptions }
}

/** One that cannot be read refuses: a door is not opened by mistake. */
function readRootLogin(reader: ValueReader): Settings['ssh']['rootLogin'] {
  if (reader.text(loginKey) === undefined) return 'unsaid'
  return reader.one(loginKey, parseBoolean) ? 'permitted' : 'refused'
}

interface Surroundings {
  readonly nowMs: number
  readonly present: readonly Network[]
}

function readSettings(reader: ValueReader, { nowMs, present }: Surroundings): Settings {
  const fqdn = reader.one('network.fqdn', parseOwnName)
  const fixed = readStaticNetwork(reader)
  const network = readNetwork(reader, fixed)
  const neighbours = listNeighbours(fixed, network.nameServers, present)
  const containerNetwork = reader.one('network.docker_cidr', text => parseContainerNetwork(text, neighbours))
  const certificate = readCertificate(reader, nowMs)
  return {
    ...(fqdn !== undefined && { fqdn }),
    network,
    timeServers: reader.list('network.ntp', parseNameOrAddress),
    proxy: readProxy(reader),
    ...(containerNetwork !== undefined && { containerNetwork }),
    ...(certificate !== undefined && { certificate }),
    authorities: readAuthorities(reader, nowMs),
    ssh: { authorizedKeys: readSshKeys(reader), rootLogin: readRootLogin(reader) },
    organization: reader.one('dispatch.organization', parseOrganization) ?? defaultOrganization,
  }
}

/**
 * `nowMs` is for certificates, which count for a time only. `present`: networks that a machine which runs is in, and whom
 * it reaches them by, where somebody else says so.
 */
export function parseValues(values: Values, nowMs: number, present: readonly Network[] = []): Parsed {
  const faults: Fault[] = []
  const reader = createReader(values, faults)
  for (const [key, text] of Object.entries(values))
    if (ownClasses.test(key) && !isKnownKey(key) && !isAbsent(text)) reader.refuse(key, 'there is no such setting')
  const settings = readSettings(reader, { nowMs, present })
  const credentials: Credentials = readCredentials(reader)
  return { settings, credentials, faults }
}
