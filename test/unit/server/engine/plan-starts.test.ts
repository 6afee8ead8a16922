/** Workers are started for calls that wait, up to the function's concurrency; a warm function never has none. */
import test from 'ava'
import fc from 'fast-check'
import { planStarts } from '../../../../server/engine/plan-starts.ts'

const concurrency = 8
const cases = [
  { staffing: { alive: 1, starting: 0, waiting: 0, capacity: 1 }, starts: 0 },
  { staffing: { alive: 1, starting: 0, waiting: 1, capacity: 1 }, starts: 1 },
  { staffing: { alive: 1, starting: 1, waiting: 1, capacity: 1 }, starts: 0 },
  { staffing: { alive: 1, starting: 1, waiting: 3, capacity: 1 }, starts: 2 },
  { staffing: { alive: 4, starting: 1, waiting: 50, capacity: 1 }, starts: 3 },
  { staffing: { alive: 8, starting: 0, waiting: 50, capacity: 1 }, starts: 0 },
  { staffing: { alive: 0, starting: 0, waiting: 0, capacity: 1 }, starts: 1 },
  { staffing: { alive: 0, starting: 1, waiting: 0, capacity: 1 }, starts: 0 },
  { staffing: { alive: 1, starting: 0, waiting: 50, capacity: 8 }, starts: 0 },
  { staffing: { alive: 1, starting: 0, waiting: 3, capacity: 4 }, starts: 1 },
  { staffing: { alive: 0, starting: 0, waiting: 3, capacity: 100 }, starts: 1 },
]

for (const { staffing, starts } of cases) {
  test(`${JSON.stringify(staffing)} -> ${starts}`, t => {
    t.is(planStarts(staffing, concurrency), starts)
  })
}

test('never beyond the limit, never less than none, and never nothing for the only call', t => {
  const staffing = fc.record({ alive: fc.nat(8), starting: fc.nat(8), waiting: fc.nat(100), capacity: fc.nat(8) })
  const property = fc.property(staffing, ({ capacity, ...rest }) => {
    const now = { ...rest, capacity: capacity + 1 }
    const starts = planStarts(now, concurrency)
    t.true(starts >= 0 && (starts === 0 || now.alive + now.starting + starts <= concurrency))
    if (now.alive + now.starting === 0) t.true(starts > 0)
  })
  t.notThrows(() => fc.assert(property))
})
