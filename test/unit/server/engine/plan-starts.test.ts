/** Workers are started for calls that wait, up to the limit, and one after the other up to the initial number. */
import test from 'ava'
import fc from 'fast-check'
import { planStarts } from '../../../../server/engine/plan-starts.ts'

const limits = { initialWorkers: 4, maxWorkers: 8 }
const cases = [
  { staff: { alive: 1, starting: 0, waiting: 0 }, starts: 1 },
  { staff: { alive: 1, starting: 1, waiting: 0 }, starts: 0 },
  { staff: { alive: 4, starting: 0, waiting: 0 }, starts: 0 },
  { staff: { alive: 4, starting: 0, waiting: 2 }, starts: 2 },
  { staff: { alive: 4, starting: 2, waiting: 2 }, starts: 0 },
  { staff: { alive: 4, starting: 1, waiting: 50 }, starts: 3 },
  { staff: { alive: 8, starting: 0, waiting: 50 }, starts: 0 },
  { staff: { alive: 0, starting: 0, waiting: 0 }, starts: 1 },
]

for (const { staff, starts } of cases) {
  test(`${JSON.stringify(staff)} -> ${starts}`, t => {
    t.is(planStarts(staff, limits), starts)
  })
}

test('never beyond the limit, never less than none, and never nothing for the only call', t => {
  const staff = fc.record({ alive: fc.nat(8), starting: fc.nat(8), waiting: fc.nat(100) })
  const property = fc.property(staff, now => {
    const starts = planStarts(now, limits)
    t.true(starts >= 0 && (starts === 0 || now.alive + now.starting + starts <= limits.maxWorkers))
    if (now.alive + now.starting === 0) t.true(starts > 0)
  })
  t.notThrows(() => fc.assert(property))
})
