/** A name is waited for as long as what has it is being removed, and no longer than that may take. */
import test from 'ava'
import { createEntity, type Entity } from '../../../../server/core/entity.ts'
import { createAwaitRemoval } from '../../../../server/core/removal.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { Change } from '../../../../server/store/port.ts'

const ids = { uuid: () => 'i', runId: () => 'r', passRunId: () => undefined, nowNs: () => 0n }
const key = { kind: 'Secret', org: 'o', name: 'n' } as const

async function createStage(maxWaitMs: number) {
  const store = createMemoryStore()
  const secrets = store.collection<Entity>('Secret')
  let listeners = 0
  const onChange = (listener: (change: Change) => void) => {
    listeners += 1
    const stop = store.onChange(listener)
    return () => {
      listeners -= 1
      stop()
    }
  }
  const awaitRemoval = createAwaitRemoval({ onChange, maxWaitMs })
  const add = (name: string, status: Entity['status'], entities = secrets) =>
    entities.create({ ...createEntity('o', { name }, ids), status })
  return { store, secrets, awaitRemoval, add, listeners: () => listeners }
}

test('a name that is free, or that stays taken, is not waited for', async t => {
  const { secrets, awaitRemoval, add, listeners } = await createStage(3_600_000)
  await awaitRemoval(secrets, key)
  await add('n', 'READY')
  await awaitRemoval(secrets, key)
  t.is(listeners(), 0)
})

test('what is being deleted is waited for until it is removed, whatever else is', async t => {
  const { store, secrets, awaitRemoval, add, listeners } = await createStage(3_600_000)
  const leaving = await add('n', 'DELETING')
  await add('other', 'DELETING')
  const others = store.collection<Entity>('Image')
  await add('n', 'DELETING', others)
  let isOver = false
  const waiting = awaitRemoval(secrets, key).then(() => {
    isOver = true
  })
  await secrets.update(leaving)
  await secrets.remove('o', 'other')
  await others.remove('o', 'n')
  await new Promise(setImmediate)
  t.deepEqual([isOver, listeners()], [false, 1])
  await secrets.remove('o', 'n')
  await waiting
  t.is(listeners(), 0)
})

test('what goes before it is listened for is not waited for', async t => {
  const { secrets, awaitRemoval, add } = await createStage(3_600_000)
  await add('n', 'DELETING')
  const get = async (org: string, name: string) => {
    const found = await secrets.get(org, name)
    await secrets.remove(org, name)
    return found
  }
  await t.notThrowsAsync(awaitRemoval({ get }, key))
})

test('what is not removed in time is waited for no more', async t => {
  const { secrets, awaitRemoval, add, listeners } = await createStage(5)
  await add('n', 'DELETING')
  await awaitRemoval(secrets, key)
  t.is((await secrets.get('o', 'n'))?.status, 'DELETING')
  t.is(listeners(), 0)
})
