/** The wall clock is set while the server runs: time goes on, never backwards, and deadlines keep their length. */
import test from 'ava'
import { createClock, createIds } from '../../../server/system.ts'

const hourMs = 3_600_000
const hourNs = BigInt(hourMs) * 1_000_000n
const secondNs = 1_000_000_000n
const wallMs = Date.now

test.afterEach.always(() => {
  Date.now = wallMs
})

const jump = (byMs: number) => {
  Date.now = () => wallMs() + byMs
}

test.serial('a wall clock that is set forward is followed', t => {
  const clock = createClock()
  const before = clock.nowNs()
  jump(hourMs)
  t.true(clock.nowNs() - before >= hourNs - secondNs)
})

test.serial(
  'a wall clock that is set back does not take time back, and each moment is later than the one before',
  t => {
    const clock = createClock()
    let last = clock.nowNs()
    jump(-hourMs)
    for (let reading = 0; reading < 1000; reading += 1) {
      const now = clock.nowNs()
      t.true(now > last)
      last = now
    }
  },
)

test.serial('names of runs stay unique however the clock jumps', t => {
  const ids = createIds()
  const names = new Set<string>()
  for (const byMs of [0, hourMs, -hourMs, 0, hourMs]) {
    jump(byMs)
    for (let count = 0; count < 1000; count += 1) names.add(ids.runId())
  }
  t.is(names.size, 5000)
})
