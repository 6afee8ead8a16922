/** The token bucket, against what a limit promises. */
import test from 'ava'
import fc from 'fast-check'
import {
  type Bucket,
  fill,
  remainingOf,
  secondsUntilFull,
  secondsUntilNext,
  take,
} from '../../../../server/gateway/bucket.ts'

const limits = fc.record({
  requests: fc.integer({ min: 1, max: 1000 }),
  perSeconds: fc.integer({ min: 1, max: 3600 }),
  burst: fc.integer({ min: 1, max: 50 }),
})
const beginMs = 1_700_000_000_000
/** Milliseconds between attempts, many of them small. */
const pausesMs = fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 20_000 })), {
  maxLength: 200,
})

test('never more than the burst and what has come since, in any stretch of time', t => {
  fc.assert(
    fc.property(limits, pausesMs, (limit, pauses) => {
      let bucket: Bucket | undefined
      let nowMs = beginMs
      const takenMs: number[] = []
      for (const pauseMs of pauses) {
        nowMs += pauseMs
        bucket = fill(bucket, limit, nowMs)
        const rest = take(bucket, limit)
        if (rest) takenMs.push(nowMs)
        bucket = rest ?? bucket
      }
      for (const [first, fromMs] of takenMs.entries())
        for (const [last, toMs] of takenMs.entries()) {
          const may = limit.burst + ((toMs - fromMs) * limit.requests) / (limit.perSeconds * 1000)
          if (last >= first && last - first + 1 > may) return false
        }
      return true
    }),
    { numRuns: 200 },
  )
  t.pass()
})

test('who waits as long as told is let in, and not a second earlier; a full bucket is full when told', t => {
  fc.assert(
    fc.property(limits, fc.integer({ min: 0, max: 5000 }), (limit, elapsedMs) => {
      let bucket = fill(undefined, limit, beginMs)
      for (let left = limit.burst; left > 0; left -= 1) {
        if (remainingOf(bucket, limit) !== left) return false
        bucket = take(bucket, limit) ?? { held: -1, atMs: 0 }
      }
      bucket = fill(bucket, limit, beginMs + elapsedMs)
      const nextS = secondsUntilNext(bucket, limit)
      const after = (seconds: number) => fill(bucket, limit, bucket.atMs + seconds * 1000)
      const isTold = take(after(nextS), limit) !== undefined && (nextS === 0 || !take(after(nextS - 1), limit))
      return isTold && remainingOf(after(secondsUntilFull(bucket, limit)), limit) === limit.burst
    }),
    { numRuns: 200 },
  )
  t.pass()
})

test('a clock that is set back takes nothing away, and gives nothing twice', t => {
  const limit = { requests: 1, perSeconds: 1, burst: 2 }
  const spent = { held: 0, atMs: beginMs }
  t.deepEqual(fill(spent, limit, beginMs - 5000), spent)
  t.is(remainingOf(fill(fill(spent, limit, beginMs - 5000), limit, beginMs + 1000), limit), 1)
})
