/** Changes on top of what others write at the same time. */
import test from 'ava'
import { amend } from '../../../../server/core/amend.ts'
import { createEntity, type Entity } from '../../../../server/core/entity.ts'
import { dispatchError } from '../../../../server/core/errors.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'

const key = { org: 'o', name: 'n' }
const ids = { uuid: () => 'i', runId: () => 'r', passRunId: () => undefined, nowNs: () => 0n }
const withReason = (entity: Entity | undefined, line: string): Entity => {
  if (!entity) throw dispatchError('NOT_FOUND', { kind: 'thing', name: 'n' })
  return { ...entity, reason: [...(entity.reason ?? []), line] }
}

const createThings = async () => {
  const things = createMemoryStore().collection<Entity>('Secret')
  await things.create(createEntity('o', { name: 'n' }, ids))
  return things
}

test('changes at the same time are all kept', async t => {
  const things = await createThings()
  const lines = ['a', 'b', 'c', 'd', 'e']
  await Promise.all(lines.map(line => amend(things, key, current => withReason(current, line))))
  const stored = await things.get('o', 'n')
  t.deepEqual(stored?.reason?.toSorted(), lines)
  t.is(stored?.revision, 6)
})

test('a change that somebody always overtakes is given up with the conflict', async t => {
  const things = await createThings()
  let tries = 0
  const racing = { get: things.get, update: (entity: Entity) => things.update({ ...entity, revision: 99 }) }
  const change = (current: Entity | undefined) => {
    tries += 1
    return withReason(current, 'x')
  }
  await t.throwsAsync(amend(racing, key, change), { message: /changed at the same time; try again/ })
  t.is(tries, 10)
})

test('a refusal of the change itself is not tried again', async t => {
  const things = createMemoryStore().collection<Entity>('Secret')
  let tries = 0
  const change = (current: Entity | undefined) => {
    tries += 1
    return withReason(current, 'x')
  }
  await t.throwsAsync(amend(things, key, change), { message: 'thing n not found' })
  t.is(tries, 1)
})

test('what is removed between reading and writing is not found', async t => {
  const things = await createThings()
  const update = async (entity: Entity) => {
    await things.remove('o', 'n')
    return things.update(entity)
  }
  await t.throwsAsync(
    amend({ get: things.get, update }, key, current => withReason(current, 'x')),
    { message: /not found/ },
  )
})
