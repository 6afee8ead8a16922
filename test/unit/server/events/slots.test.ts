/** Which times of a schedule are due: on time, after a stop, after the clock was set. */
import test from 'ava'
import fc from 'fast-check'
import { parseSchedule } from '../../../../server/events/schedule.ts'
import { type CatchUp, catchUps, maxCaughtUp, planSlots } from '../../../../server/events/slots.ts'

const hourly = parseSchedule('@hourly', 'UTC')
const msOf = (time: string): number => Date.parse(`2026-05-01T${time}Z`)
const planOf = (catchUp: CatchUp, settled: string, now: string) => {
  const { due, nextMs } = planSlots(hourly, catchUp, { settledMs: msOf(settled), nowMs: msOf(now) })
  const clockOf = (ms: number) => new Date(ms).toISOString().slice(11, 16)
  return [due.map(clockOf).join(), nextMs === undefined ? 'never' : clockOf(nextMs)]
}

test('nothing is due before its time; what has come is, whatever is caught up on', t => {
  for (const catchUp of catchUps) {
    t.deepEqual(planOf(catchUp, '01:00:00', '01:59:59.999'), ['', '02:00'])
    t.deepEqual(planOf(catchUp, '01:00:00', '02:00:00'), ['02:00', '03:00'])
    t.deepEqual(planOf(catchUp, '01:00:00', '02:00:09'), ['02:00', '03:00'])
    t.deepEqual(planOf(catchUp, '02:00:00', '02:00:09'), ['', '03:00'])
  }
})

test('what was missed is left out, or the last of it comes, or all of it in order', t => {
  t.deepEqual(planOf('none', '01:00:00', '05:30:00'), ['', '06:00'])
  t.deepEqual(planOf('none', '01:00:00', '05:00:01'), ['05:00', '06:00'])
  t.deepEqual(planOf('last', '01:00:00', '05:30:00'), ['05:00', '06:00'])
  t.deepEqual(planOf('all', '01:00:00', '05:30:00'), ['02:00,03:00,04:00,05:00', '06:00'])
})

test('of many that were missed the last ones come', t => {
  const nowMs = msOf('00:30:00')
  const { due } = planSlots(hourly, 'all', { settledMs: 0, nowMs })
  t.is(due.length, maxCaughtUp)
  t.is(due.at(-1), msOf('00:00:00'))
  t.is(due[0], msOf('00:00:00') - (maxCaughtUp - 1) * 3_600_000)
})

test('a clock set back by up to three hours repeats nothing; one set back by more begins anew', t => {
  for (const catchUp of catchUps) {
    t.deepEqual(planOf(catchUp, '12:00:00', '10:30:00'), ['', '13:00'])
    t.deepEqual(planOf(catchUp, '12:00:00', '09:00:00'), ['', '13:00'])
    t.deepEqual(planOf(catchUp, '12:00:00', '08:30:00'), ['', '09:00'])
  }
  t.is(planSlots(hourly, 'last', { settledMs: msOf('12:00:00'), nowMs: msOf('08:30:00') }).settledMs, msOf('08:30:00'))
})

test('however the clock goes on, each time comes at most once and in order, and none is lost that is caught up on', t => {
  const steps = fc.array(fc.integer({ min: -3_600_000, max: 40 * 3_600_000 }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(steps, fc.constantFrom(...catchUps), (jumps, catchUp) => {
      const beginMs = msOf('00:00:00')
      let [nowMs, settledMs, latestMs] = [beginMs, beginMs, beginMs]
      const fired: number[] = []
      for (const jump of jumps) {
        nowMs = Math.max(nowMs + jump, latestMs - 3_600_000)
        latestMs = Math.max(latestMs, nowMs)
        const plan = planSlots(hourly, catchUp, { settledMs, nowMs })
        fired.push(...plan.due)
        settledMs = plan.settledMs
      }
      t.deepEqual(
        fired,
        [...new Set(fired)].sort((a, b) => a - b),
      )
      if (catchUp === 'all') t.is(fired.length, Math.floor((latestMs - beginMs) / 3_600_000))
      if (catchUp === 'last') t.is(fired.at(-1) ?? beginMs, latestMs - ((latestMs - beginMs) % 3_600_000))
    }),
    { numRuns: 200 },
  )
})
