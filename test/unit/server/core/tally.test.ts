import test from 'ava'
import { createTally } from '../../../../server/core/tally.ts'

test('a value belongs to the first bound that is not smaller, the largest ones to none', t => {
  const tally = createTally([1, 10])
  for (const value of [0, 1, 1.5, 10, 11, 1000]) tally.add(value)
  t.deepEqual(tally.counts, [2, 2, 2])
  t.is(tally.sum, 1023.5)
})
