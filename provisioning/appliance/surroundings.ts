/** The network that the machine is in now, whoever said so: its own addresses, its gateway, and who gives names. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { bitsOf, type Network, parseAddress } from '../firstboot/parse/addresses.ts'
import type { Values } from '../firstboot/settings.ts'
import { type CardAddress, isCard, readAddresses } from './addresses.ts'
import type { Places } from './places.ts'

export interface Surroundings {
  /** Of this machine, with an address or without. */
  readonly cards: readonly string[]
  readonly addresses: readonly CardAddress[]
  /** Of IPv4; the kernel tells it without another program. */
  readonly gateway?: string
  readonly nameServers: readonly string[]
}

export type SurroundingPlaces = Pick<Places, 'networkClass' | 'nameServers' | 'routes'>

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return []
  }
}

const routeUsesGateway = 2

/** `/proc/net/route` has addresses as eight hexadecimal digits, the last byte in front. */
function parseGateway(line: string): string | undefined {
  const [, destination, gateway = '', flags = ''] = line.split('\t')
  if (destination !== '00000000' || (Number.parseInt(flags, 16) & routeUsesGateway) === 0) return undefined
  return Buffer.from(gateway, 'hex').reverse().join('.')
}

const listCards = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter(name => isCard(folder, name)) : []

export function readSurroundings({ networkClass, nameServers, routes }: SurroundingPlaces): Surroundings {
  const gateway = readLines(routes).flatMap(line => parseGateway(line) ?? [])[0]
  const servers = readLines(nameServers).flatMap(line => /^nameserver +([^ %]+)$/.exec(line)?.[1] ?? [])
  const cards = listCards(networkClass)
  return {
    cards,
    addresses: readAddresses(networkClass),
    ...(gateway !== undefined && { gateway }),
    nameServers: servers,
  }
}

/** What could be kept as a fixed one. Of several cards nobody knows here which one would get it; a lease of a host alone has no network. */
const findOwn = ({ cards, addresses }: Surroundings): CardAddress | undefined =>
  cards.length === 1 ? addresses.find(({ address, prefixLength }) => isIPv4(address) && prefixLength < 32) : undefined

/** By the keys of an import, as far as there is anything. */
export function namePresent(surroundings: Surroundings, hostName: string): Values {
  const { gateway, nameServers } = surroundings
  const own = findOwn(surroundings)
  return {
    'network.fqdn': hostName,
    ...(own && { 'network.ip0': `${own.address}/${own.prefixLength}` }),
    ...(own && gateway !== undefined && { 'network.gateway': gateway }),
    ...(nameServers.length > 0 && { 'network.DNS': nameServers.join(' ') }),
  }
}

/** As networks, which nothing on this machine may take for its own. */
export function planNeighbours({ addresses, gateway, nameServers }: Omit<Surroundings, 'cards'>): readonly Network[] {
  const asNetwork = (text: string, prefixLength?: number): Network[] => {
    const parsed = parseAddress(text)
    if ('problem' in parsed) return []
    return [{ address: parsed.value, prefixLength: prefixLength ?? bitsOf(parsed.value) }]
  }
  return [
    ...addresses.flatMap(({ address, prefixLength }) => asNetwork(address, prefixLength)),
    ...[gateway ?? [], nameServers].flat().flatMap(each => asNetwork(each)),
  ]
}
