/** The network that the machine is in now, whoever said so: its own addresses, its gateway, and who gives names. */
import { readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { bitsOf, type Network, parseAddress } from '../firstboot/parse/addresses.ts'
import type { Values } from '../firstboot/settings.ts'
import { type CardAddress, readAddresses } from './addresses.ts'
import type { Places } from './places.ts'

export interface Surroundings {
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

export function readSurroundings({ networkClass, nameServers, routes }: SurroundingPlaces): Surroundings {
  const gateway = readLines(routes).flatMap(line => parseGateway(line) ?? [])[0]
  const servers = readLines(nameServers).flatMap(line => /^nameserver +([^ %]+)$/.exec(line)?.[1] ?? [])
  return { addresses: readAddresses(networkClass), ...(gateway !== undefined && { gateway }), nameServers: servers }
}

/** By the keys of an import, as far as there is anything. */
export function namePresent({ addresses, gateway, nameServers }: Surroundings, hostName: string): Values {
  const card = addresses.find(({ address }) => isIPv4(address)) ?? addresses[0]
  return {
    'network.fqdn': hostName,
    ...(card && { 'network.ip0': `${card.address}/${card.prefixLength}` }),
    ...(gateway !== undefined && { 'network.gateway': gateway }),
    ...(nameServers.length > 0 && { 'network.DNS': nameServers.join(' ') }),
  }
}

/** As networks, which nothing on this machine may take for its own. */
export function planNeighbours({ addresses, gateway, nameServers }: Surroundings): readonly Network[] {
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
