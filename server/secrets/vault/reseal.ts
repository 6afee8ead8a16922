/**
 * Brings all that rests under the key that seals now: what a former version left in clear, or did not take for a secret, and what a
 * former key has sealed.
 */
import { type Entity, type Kind, kinds } from '../../core/entity.ts'
import type { Collection } from '../../store/port.ts'
import type { SealedStoreOptions } from './sealed-store.ts'
import { createSealing, type Resting, type Sealing } from './sealing.ts'

interface Place {
  org: string
  name: string
}

/** Until it is sealed with the present key, or gone: who wrote in between may have had the former one. */
async function resealOne(
  resting: Collection<Resting>,
  sealing: Sealing<Entity>,
  { org, name }: Place,
): Promise<'sealed' | 'untouched' | { thrown: unknown }> {
  let before: Resting | undefined
  for (;;) {
    let opened: Entity
    try {
      const found = await resting.get(org, name)
      if (!found || sealing.isCurrent(found)) return 'untouched'
      if (found.id === before?.id && found.revision === before.revision)
        throw new Error(`${name} cannot be written anew: its row and what the row holds are of different revisions`)
      before = found
      opened = sealing.open(found)
    } catch (thrown) {
      return { thrown }
    }
    if (await resting.rewrite(sealing.close(opened))) return 'sealed'
  }
}

export interface Unopened extends Place {
  kind: Kind
  thrown: unknown
}

export interface Resealed {
  /** How many it has sealed. */
  records: number
  /** Those that cannot be opened, which stay as they are. */
  unopened: Unopened[]
}

/** Others read and write meanwhile; safe to repeat. */
export async function reseal({ store, fields, keys }: SealedStoreOptions): Promise<Resealed> {
  const unopened: Unopened[] = []
  let records = 0
  for (const kind of kinds) {
    const secret = fields[kind]
    if (!secret) continue
    const resting = store.collection<Resting>(kind)
    const sealing = createSealing(kind, { fields: secret, keys })
    for (const place of await resting.keys()) {
      const outcome = await resealOne(resting, sealing, place)
      if (outcome === 'sealed') records += 1
      else if (outcome !== 'untouched') unopened.push({ kind, ...place, ...outcome })
    }
  }
  return { records, unopened }
}
