/** What retention removes, and what it never does. */
import test from 'ava'
import fc from 'fast-check'
import { pino } from 'pino'
import type { RetentionLimits } from '../../../../server/core/sweeping.ts'
import { createSweeper, planCutoffNs } from '../../../../server/runs/sweeper.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { RunRecord, RunStore } from '../../../../server/store/port.ts'
import { until } from '../../../helpers/wait.ts'

const dayNs = 24n * 3600n * 1_000_000_000n
const dayMs = 24 * 3600 * 1000
const nowNs = 1_790_000_000_000_000_000n

const record = (number: number, fields: Partial<RunRecord> = {}): RunRecord => {
  const executedNs = nowNs - BigInt(number) * dayNs
  const common = { org: 'o', functionName: 'fn', functionId: 'f', status: 'READY' as const, body: '{}' }
  return { name: `r${number}`, ...common, executedNs, modifiedNs: executedNs, ...fields }
}

/** Runs of one a day, the youngest of today, after one sweep. */
async function sweep(
  retention: RetentionLimits,
  options: { days?: number; clockNs?: bigint; more?: RunRecord[] } = {},
) {
  const { days = 1000, clockNs = nowNs, more = [] } = options
  const { runs } = createMemoryStore()
  for (let number = 0; number < days; number += 1) await runs.put(record(number))
  for (const each of more) await runs.put(each)
  const swept = Promise.withResolvers<void>()
  const spied: RunStore = {
    ...runs,
    nextOwner: async after => {
      const owner = await runs.nextOwner(after)
      if (!owner) swept.resolve()
      return owner
    },
  }
  const clock = { nowNs: () => clockNs }
  const sweeper = createSweeper({ runs: spied, clock, log: pino({ level: 'silent' }), retention, periodMs: 60_000 })
  sweeper.start()
  await swept.promise
  await sweeper.stop()
  return (await runs.list({ org: 'o' })).map(({ name }) => name)
}

test('by count the newest stay', async t => {
  const left = await sweep({ ageMs: 0, count: 300 })
  t.deepEqual([left.length, left[0], left.at(-1)], [300, 'r0', 'r299'])
})

test('by age what is younger stays, and the stricter of both limits counts', async t => {
  t.is((await sweep({ ageMs: 400 * dayMs, count: 0 })).at(-1), 'r400')
  t.is((await sweep({ ageMs: 400 * dayMs, count: 200 })).at(-1), 'r199')
  t.is((await sweep({ ageMs: 200 * dayMs, count: 400 })).at(-1), 'r200')
})

test('a clock that is far ahead leaves the newest hundred', async t => {
  t.is((await sweep({ ageMs: 30 * dayMs, count: 10_000 }, { clockNs: nowNs + 100_000n * dayNs })).length, 100)
})

test('runs of a time to come neither go nor push others out', async t => {
  const more = Array.from({ length: 50 }, (_, index) => record(-1 - index, { name: `later${index}` }))
  const left = await sweep({ ageMs: 0, count: 10 }, { more })
  t.is(left.filter(name => name.startsWith('later')).length, 50)
  t.is(left.length, 60)
})

test('nothing that has not ended goes, nor what others have', async t => {
  const more = [
    record(5000, { name: 'waiting', status: 'INITIALIZED' }),
    record(5001, { name: 'begun', status: 'CREATING' }),
    record(5002, { name: 'alone', functionName: 'other' }),
  ]
  const left = await sweep({ ageMs: dayMs, count: 1 }, { more })
  t.deepEqual(left, ['r0', 'waiting', 'begun', 'alone'])
})

test('without limits all stay', async t => {
  const { runs } = createMemoryStore()
  for (let number = 0; number < 500; number += 1) await runs.put(record(number))
  let looks = 0
  const spied: RunStore = { ...runs, sweepForgotten: async () => ++looks < 3 }
  const clock = { nowNs: () => nowNs }
  const retention = { ageMs: 0, count: 0 }
  const sweeper = createSweeper({ runs: spied, clock, log: pino({ level: 'silent' }), retention, periodMs: 1 })
  sweeper.start()
  await until('it has looked a few times', async () => looks > 5)
  await sweeper.stop()
  t.is((await runs.list({ org: 'o' })).length, 500)
})

test('what goes by age is too old and not among the last; what goes by count is beyond it', t => {
  const time = fc.option(fc.bigInt({ min: 0n, max: 2n ** 62n }), { nil: undefined })
  fc.assert(
    fc.property(time, time, fc.nat(), (lastByCountNs, lastAtAnyAgeNs, ageMs) => {
      const cutoffNs = planCutoffNs(ageMs, { nowNs, lastByCountNs, lastAtAnyAgeNs })
      if (cutoffNs === undefined || cutoffNs === lastByCountNs) return true
      return ageMs > 0 && lastAtAnyAgeNs !== undefined && cutoffNs <= lastAtAnyAgeNs
    }),
  )
  t.pass()
})
