/** The first boots of `npm run test:boot -- --first-boot`, by name. Each of a machine of its own. */
import type { Bench } from '../bench.ts'
import { expect, type Identity } from './appliance.ts'
import { proveBadValues } from './bad-values.ts'
import { proveClaim } from './claim.ts'
import { findOwners, findShared } from './identity.ts'
import { proveProperties } from './properties.ts'
import { proveSources } from './sources.ts'

export interface FirstBoot {
  readonly what: string
  /** Answers with what makes this machine another one. */
  readonly prove: (bench: Bench) => Promise<Identity>
}

export const firstBoots: Readonly<Record<string, FirstBoot>> = {
  claim: { what: 'nothing given: screen and keys, claimed in a browser', prove: proveClaim },
  properties: { what: 'properties on a disc: network, TLS pair, hostile passwords, keys', prove: proveProperties },
  'bad-values': {
    what: 'what cannot be used, of every kind; mended for the last of four boots',
    prove: proveBadValues,
  },
  sources: { what: 'guest tools (a stub) before properties before CIDATA', prove: proveSources },
}

/** One after the other, and compared in the end. */
export async function proveFirstBoots(bench: Bench, names: readonly string[]): Promise<void> {
  const identities: Record<string, Identity> = {}
  for (const name of names) {
    const identity = await firstBoots[name]?.prove(bench)
    if (identity) identities[name] = identity
  }
  if (Object.keys(firstBoots).every(name => name in identities)) compareMachines(bench, identities)
}

function compareMachines({ print }: Bench, identities: Readonly<Record<string, Identity>>): void {
  const owners = [...findOwners(identities)]
  const alone = owners.filter(([, names]) => names.length < 2).map(([path]) => path)
  expect(alone.length === 0, `nothing to compare them with: ${alone.join(', ')}`)
  const shared = findShared(identities)
  expect(shared.length === 0, `machines of one .ova have in common: ${shared.join('; ')}`)
  const compared = owners.map(([path, names]) => `${path} (${names.length})`)
  print(`ok  machines of the same .ova share none of: ${compared.join(', ')}`)
}
