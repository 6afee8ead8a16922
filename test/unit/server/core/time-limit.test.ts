import test from 'ava'
import { createTimeLimit, TimeLimitError } from '../../../../server/core/time-limit.ts'

/** Of the clock, but not of a core: as where other programs have it. */
const idleMs = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

test('work that had no core in its time is begun anew, and ends', t => {
  let begun = 0
  const result = createTimeLimit(200)(() => {
    begun += 1
    if (begun < 3) idleMs(10_000)
    return 'done'
  })
  t.deepEqual([result, begun], ['done', 3])
})

test('work that takes the time of a core is ended', t => {
  const endless = (): never => {
    for (;;);
  }
  t.throws(() => createTimeLimit(200)(endless), { instanceOf: TimeLimitError, message: 'it takes longer than 0.2 s' })
})

test('an error of the work is its own', t => {
  const fail = (): never => {
    throw new RangeError('too deep')
  }
  t.throws(() => createTimeLimit(200)(fail), { instanceOf: RangeError, message: 'too deep' })
})
