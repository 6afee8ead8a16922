/** Brings all that rests under the key that seals now: what a former version left in clear, and what a former key has sealed. */
import { type Entity, kinds } from '../../core/entity.ts'
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
): Promise<number> {
  for (;;) {
    const found = await resting.get(org, name)
    if (!found || sealing.isCurrent(found)) return 0
    if (await resting.rewrite(sealing.close(sealing.open(found)))) return 1
  }
}

/** Resolves with how many records it has sealed. Others read and write meanwhile; safe to repeat. */
export async function reseal({ store, fields, keys }: SealedStoreOptions): Promise<number> {
  let count = 0
  for (const kind of kinds) {
    const secret = fields[kind]
    if (!secret) continue
    const resting = store.collection<Resting>(kind)
    const sealing = createSealing(kind, secret, keys)
    for (const place of await resting.keys()) count += await resealOne(resting, sealing, place)
  }
  return count
}
