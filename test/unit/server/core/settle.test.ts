/** An outcome is written only when it differs. */
import test from 'ava'
import type { Entity } from '../../../../server/core/entity.ts'
import { settle } from '../../../../server/core/settle.ts'

const entity: Entity = {
  id: 'i',
  org: 'o',
  name: 'n',
  revision: 3,
  status: 'ERROR',
  reason: ['why'],
  tags: null,
  createdTimeSeconds: 1,
  modifiedTimeSeconds: 1,
}
const clock = { nowNs: () => 7_900_000_000n }

async function written(to: Partial<Entity>): Promise<Entity[]> {
  const writes: Entity[] = []
  const update = async (next: Entity) => {
    writes.push(next)
    return next
  }
  await settle({ update }, clock, { entity, to })
  return writes
}

test('an outcome that is there already is not written again, equal lists included', async t => {
  t.deepEqual(await written({ status: 'ERROR', reason: ['why'] }), [])
})

test('a new outcome is written with the time, on the revision that was read', async t => {
  t.deepEqual(await written({ status: 'READY', reason: null }), [
    { ...entity, status: 'READY', reason: null, modifiedTimeSeconds: 7 },
  ])
})
