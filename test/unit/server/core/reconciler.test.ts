/** The loop: never twice at once for a key, nothing lost, failures retried. */
import { mock } from 'node:test'
import test from 'ava'
import { createReconciler, keyOf, parseKey } from '../../../../server/core/reconciler.ts'
import { until } from '../../../helpers/wait.ts'

const options = (reconcile: (key: string) => Promise<void>) => ({
  reconcile,
  listKeys: async () => ['a', 'b', 'c'],
  onError: () => {},
  resyncMs: 3_600_000,
  maxParallel: 2,
})

/** Alone, as it stops the time of everybody in this process. */
test.serial('a key that is woken again and again while it fails is not tried ever more often', async t => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  t.teardown(() => mock.timers.reset())
  let tries = 0
  const loop = createReconciler(
    options(async () => {
      tries += 1
      throw new Error('not yet')
    }),
  )
  t.teardown(loop.stop)
  for (let wakes = 1; wakes <= 20; wakes += 1) {
    loop.wake('a')
    await new Promise(setImmediate)
    t.is(tries, wakes)
  }
  mock.timers.tick(600_000)
  await new Promise(setImmediate)
  t.is(tries, 21)
})

test('works on a key once at a time and again when it was woken meanwhile', async t => {
  let active = 0
  let runs = 0
  const releases: (() => void)[] = []
  const loop = createReconciler(
    options(async () => {
      active += 1
      t.is(active, 1)
      await new Promise<void>(resolve => releases.push(resolve))
      active -= 1
      runs += 1
    }),
  )
  t.teardown(loop.stop)
  for (let wakes = 0; wakes < 5; wakes += 1) loop.wake('a')
  await until('the first run began', async () => releases.length === 1)
  loop.wake('a')
  releases[0]?.()
  await until('the second run began', async () => releases.length === 2)
  releases[1]?.()
  await until('both ended', async () => runs === 2)
})

test('keeps to the limit of parallel work and still serves every key', async t => {
  let active = 0
  let most = 0
  const seen = new Set<string>()
  const loop = createReconciler(
    options(async key => {
      active += 1
      most = Math.max(most, active)
      await new Promise(setImmediate)
      active -= 1
      seen.add(key)
    }),
  )
  t.teardown(loop.stop)
  await loop.wakeAll()
  await until('all keys were served', async () => seen.size === 3)
  t.true(most <= 2)
})

test('work that takes long makes room for other keys', async t => {
  const held = Promise.withResolvers<void>()
  const seen: string[] = []
  const reconcile = async (key: string) => {
    seen.push(key)
    if (key !== 'c') await held.promise
  }
  const loop = createReconciler({ ...options(reconcile), slowMs: 1 })
  t.teardown(loop.stop)
  t.teardown(() => held.resolve())
  await loop.wakeAll()
  await until('the third key has its turn', async () => seen.length === 3)
  t.deepEqual(seen, ['a', 'b', 'c'])
})

test('work that takes long makes room for as many keys again, not for all', async t => {
  const held = Promise.withResolvers<void>()
  const seen: string[] = []
  const reconcile = async (key: string) => {
    seen.push(key)
    await held.promise
  }
  const listKeys = async () => ['a', 'b', 'c', 'd', 'e']
  const loop = createReconciler({ ...options(reconcile), listKeys, maxParallel: 2, slowMs: 1 })
  t.teardown(loop.stop)
  t.teardown(() => held.resolve())
  await loop.wakeAll()
  await until('four have their turn', async () => seen.length === 4)
  const sinceMs = Date.now()
  await until('all of them have become slow', async () => Date.now() > sinceMs + 100)
  t.deepEqual(seen, ['a', 'b', 'c', 'd'])
  held.resolve()
  await until('the fifth has its turn', async () => seen.length === 5)
})

test('tries a failed key again', async t => {
  let tries = 0
  const loop = createReconciler(
    options(async () => {
      tries += 1
      if (tries < 3) throw new Error('not yet')
    }),
  )
  t.teardown(loop.stop)
  loop.wake('a')
  t.true(await until('the third try', async () => tries === 3))
})

test('stop waits for what is under way and takes nothing more', async t => {
  let ended = false
  const loop = createReconciler(
    options(async () => {
      await new Promise(setImmediate)
      ended = true
    }),
  )
  loop.wake('a')
  await loop.stop()
  t.true(ended)
})

test('a key gives back its organization and name, whatever the organization holds', t => {
  t.deepEqual(parseKey(keyOf({ org: 'a/b', name: 'fn' })), { org: 'a/b', name: 'fn' })
})
