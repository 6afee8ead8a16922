/** When a delivery that failed is tried again, and when no more. */
import test from 'ava'
import fc from 'fast-check'
import { planPauseMs, planProgress, usualRetry } from '../../../../server/events/retry.ts'

const silent = { stdout: null, stderr: null }
const failed = (message: string) => ({
  runName: 'r',
  outcome: { ok: false as const, error: { type: 'FunctionError' as const, message, stacktrace: null }, logs: silent },
})

test('usually: 5 tries within 10 minutes, each pause three times the one before', t => {
  const pauses = [1, 2, 3, 4, 5].map(tries => planPauseMs(usualRetry, tries))
  t.deepEqual(pauses, [15_000, 45_000, 135_000, 405_000, undefined])
})

test('pauses grow, and add up to the time that was asked for', t => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 2_592_000 }), (tries, withinSeconds) => {
      const pauses = Array.from(
        { length: tries - 1 },
        (_, index) => planPauseMs({ tries, withinSeconds }, index + 1) ?? -1,
      )
      const sum = pauses.reduce((total, each) => total + each, 0)
      t.true(Math.abs(sum - withinSeconds * 1000) <= tries)
      t.deepEqual(
        pauses,
        pauses.toSorted((a, b) => a - b),
      )
      t.is(planPauseMs({ tries, withinSeconds }, tries), undefined)
    }),
    { numRuns: 100 },
  )
})

test('one try, and a hundred, have their end', t => {
  t.is(planPauseMs({ tries: 1, withinSeconds: 600 }, 1), undefined)
  t.true((planPauseMs({ tries: 100, withinSeconds: 1 }, 99) ?? -1) > 0)
  t.is(planPauseMs({ tries: 100, withinSeconds: 1 }, 100), undefined)
})

test('a run that fails is told as the reason, up to a bound; the last one makes the delivery dead', t => {
  const at = (tries: number) => ({ retry: usualRetry, tries, nowMs: 1000 })
  t.deepEqual(planProgress(failed('boom'), at(0)), {
    state: 'waiting',
    tries: 1,
    run: 'r',
    dueMs: 16_000,
    reason: 'FunctionError: boom',
  })
  t.like(planProgress(failed('boom'), at(4)), { state: 'dead', tries: 5, reason: 'FunctionError: boom' })
  t.is(planProgress(failed('x'.repeat(5000)), at(0)).reason?.length, 2000)
  const ok = { runName: 'r', outcome: { ok: true as const, outputJson: '1', logs: silent } }
  t.like(planProgress(ok, at(3)), { state: 'delivered', tries: 4, reason: null })
})
