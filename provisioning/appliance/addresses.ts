/** The addresses by which others reach the appliance, and how they compare with what was asked for. */
import { existsSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../firstboot/settings.ts'
import type { AddressStatus } from './status.ts'

export interface LinkAddress {
  readonly link: string
  readonly address: string
}

export interface CardAddress extends LinkAddress {
  readonly prefixLength: number
}

/** Real cards have a device; bridges, tunnels and veth pairs have none. `classDir`: `/sys/class/net`. */
export const isCard = (classDir: string, link: string): boolean => existsSync(join(classDir, link, 'device'))

/** Those of real cards. */
export function readAddresses(classDir: string): CardAddress[] {
  return Object.entries(networkInterfaces())
    .filter(([link]) => isCard(classDir, link))
    .flatMap(([link, found = []]) => found.map(each => ({ link, ...each })))
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .map(({ link, address, cidr }) => ({ link, address, prefixLength: Number(cidr?.split('/')[1]) }))
}

/** Whether some card has it. */
export function compareAddresses(
  found: readonly LinkAddress[],
  asked: Settings['network']['address'],
): AddressStatus[] {
  const isThere = found.some(({ address }) => address === asked?.address)
  const missing = `differs: ${asked?.address} was asked for`
  return found.map(({ link, address }) => {
    const matches = address === asked?.address
    if (matches) return { link, address, asked: { matches, text: 'matches the properties' } }
    return isThere || !asked ? { link, address } : { link, address, asked: { matches, text: missing } }
  })
}

/** As OpenSSH shows it; undefined until there is a key. */
export function readSshFingerprint(file: string, sha256: (bytes: Uint8Array) => string): string | undefined {
  if (!existsSync(file)) return undefined
  const [, key = ''] = readFileSync(file, 'utf8').split(' ')
  return `SHA256:${sha256(Buffer.from(key, 'base64')).replace(/=+$/, '')}`
}
