/** A pool keeps its number of containers ready, serves takers in order, and comes to an end. */
import test from 'ava'
import type { RuntimeContainer } from '../../../../server/engine/container.ts'
import { defaultLimits } from '../../../../server/engine/options.ts'
import { createPool } from '../../../../server/engine/pool.ts'
import { until } from '../../../helpers/wait.ts'

interface TestContainer extends RuntimeContainer {
  lose(): void
  removed: boolean
}

function createFactory() {
  const made: TestContainer[] = []
  const factory = {
    made,
    failing: false,
    start: async (): Promise<TestContainer> => {
      if (factory.failing) throw new Error('Docker is down')
      const lost = Promise.withResolvers<string>()
      const unused = () => Promise.reject(new Error('not in this test'))
      const container: TestContainer = {
        id: String(made.length),
        codeDir: '',
        limits: defaultLimits,
        lost: lost.promise,
        lose: () => lost.resolve('gone'),
        load: unused,
        startWorker: unused,
        setLimits: unused,
        memory: unused,
        removed: false,
        remove: async () => {
          container.removed = true
        },
      }
      made.push(container)
      return container
    },
  }
  return factory
}

const log = { info: () => undefined, warn: () => undefined }
const open = (factory: ReturnType<typeof createFactory>, size = 2, refillPauseMs = 1) =>
  createPool({ size, startsAtOnce: 4, refillPauseMs, start: factory.start, log })
const count = (factory: ReturnType<typeof createFactory>, expected: number) =>
  until(`${expected} containers`, async () => factory.made.length === expected)

test('it fills itself, and again after something was taken', async t => {
  const factory = createFactory()
  const pool = open(factory)
  await count(factory, 2)
  t.is((await pool.take()).id, '0')
  await count(factory, 3)
  await pool.close()
})

test('what was taken is replaced after a pause, at once when nothing is left', async t => {
  const factory = createFactory()
  const pool = open(factory, 2, 3_600_000)
  await count(factory, 2)
  await pool.take()
  t.is(factory.made.length, 2)
  await pool.take()
  t.is(factory.made.length, 4)
  await pool.close()
})

test('takers get what becomes ready, also more of them than it holds', async t => {
  const factory = createFactory()
  const pool = open(factory)
  const taken = await Promise.all(Array.from({ length: 7 }, () => pool.take()))
  t.is(new Set(taken.map(({ id }) => id)).size, 7)
  await count(factory, 9)
  await pool.close()
})

test('of size 0 it starts on demand only', async t => {
  const factory = createFactory()
  const pool = open(factory, 0)
  t.is(factory.made.length, 0)
  t.is((await pool.take()).id, '0')
  await pool.close()
  t.is(factory.made.length, 1)
})

test('what is lost while it waits is removed and replaced', async t => {
  const factory = createFactory()
  const pool = open(factory)
  await count(factory, 2)
  factory.made[0]?.lose()
  await count(factory, 3)
  t.true(factory.made[0]?.removed)
  t.is((await pool.take()).id, '1')
  await pool.close()
})

test('while nothing can be started takers are told at once, and it recovers by itself', async t => {
  const factory = createFactory()
  factory.failing = true
  const pool = open(factory)
  await t.throwsAsync(pool.take(), { message: 'Docker is down' })
  await t.throwsAsync(pool.take(), { message: 'Docker is down' })
  factory.failing = false
  t.truthy(await pool.take())
  await count(factory, 3)
  await pool.close()
})

test('closing removes what nobody took, also what was being started', async t => {
  const factory = createFactory()
  const pool = open(factory)
  const first = await pool.take()
  await pool.close()
  t.true(factory.made.every(container => container.removed === (container !== first)))
  await t.throwsAsync(pool.take())
})

test('resized, it gives up what waits beyond its new size, and fills itself again', async t => {
  const factory = createFactory()
  const pool = open(factory)
  await count(factory, 2)
  pool.resize(0)
  await until('quiet', async () => !pool.busy)
  t.true(factory.made.every(({ removed }) => removed))
  pool.resize(1)
  await count(factory, 3)
  t.is((await pool.take()).id, '2')
  await pool.close()
  t.true(factory.made.length <= 4)
})

test('resized to nothing, it still serves who waits, and keeps nothing', async t => {
  const factory = createFactory()
  const pool = open(factory)
  const taken = pool.take()
  pool.resize(0)
  t.true(pool.busy)
  const { id } = await taken
  await until('quiet', async () => !pool.busy)
  t.true(factory.made.every(container => container.removed === (container.id !== id)))
  await pool.close()
})
