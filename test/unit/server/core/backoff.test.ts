/** Pauses double from a quarter of a second up to half a minute. */
import test from 'ava'
import { planRetryMs } from '../../../../server/core/backoff.ts'

test('pauses double, up to the ceiling, however often it failed', t => {
  t.deepEqual([1, 2, 3, 7, 8, 9, 5000].map(planRetryMs), [250, 500, 1000, 16_000, 30_000, 30_000, 30_000])
})
