/** All sources of values, in their order; and what is erased of them when their secrets have been used. */
import type { Run } from '../../run.ts'
import { blankSecret } from '../secret-values.ts'
import type { Fault } from '../settings.ts'
import { type DiscPlaces, readDiscs } from './discs.ts'
import { eraseGuestSecrets, readGuestTools } from './guest-tools.ts'
import { mergeSources, type Sourced } from './sourced.ts'

export async function readSources(run: Run, places: DiscPlaces): Promise<Sourced> {
  const [guest, discs] = await Promise.all([readGuestTools(run), readDiscs(run, places)])
  return mergeSources([...(guest === undefined ? [] : [guest]), ...discs])
}

/** Faults where secrets stay: nobody can erase those of a disc. Those of `kept` keys are still needed where they are. */
export async function eraseSecrets(
  { sources }: Sourced,
  run: Run,
  kept: readonly string[] = [],
): Promise<readonly Fault[]> {
  const holds = sources.filter(({ values }) =>
    Object.entries(values).some(([key, text]) => blankSecret(key, text) !== text),
  )
  const discs = holds.filter(({ name }) => name !== 'guestinfo')
  const ofDiscs = discs.map(({ name, place }) => ({
    key: name,
    problem: `${place} holds secrets, which cannot be erased there`,
    instead: 'take the disc out, and destroy it',
  }))
  return [...(discs.length < holds.length ? await eraseGuestSecrets(run, kept) : []), ...ofDiscs]
}
