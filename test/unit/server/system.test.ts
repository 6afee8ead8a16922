/** The wall clock is set while the server runs: time goes on, never backwards, and deadlines keep their length. */
import test from 'ava'
import { createClock, createDiskReader, createIds } from '../../../server/system.ts'

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

/** A clock whose sources go on by as much as the test says; the wall clock may be set besides. */
function createScripted() {
  let now = { wallMs: 1_700_000_000_000, monotonicNs: 5n }
  const clock = createClock({ wallMs: () => now.wallMs, monotonicNs: () => now.monotonicNs })
  const pass = (ms: number, setByMs = 0) => {
    now = { wallMs: now.wallMs + ms + setByMs, monotonicNs: now.monotonicNs + BigInt(ms) * 1_000_000n }
    return clock.nowNs()
  }
  return { clock, pass, wallNs: () => BigInt(now.wallMs) * 1_000_000n }
}

test('after a wall clock was set back, as much time passes as elapses', t => {
  const { clock, pass } = createScripted()
  const before = clock.nowNs()
  t.is(pass(1000, -hourMs) - before, secondNs)
  for (let seconds = 2n; seconds < 100n; seconds += 1n) t.is(pass(1000) - before, seconds * secondNs)
})

test('a wall clock that is set forward again is followed once it has overtaken', t => {
  const { clock, pass, wallNs } = createScripted()
  const before = clock.nowNs()
  pass(1000, -hourMs)
  t.is(pass(1000, hourMs / 2) - before, 2n * secondNs)
  t.is(pass(1000, hourMs), wallNs())
  t.is(pass(1000), wallNs())
})

test('between ticks of the wall clock the monotonic one tells the time', t => {
  let monotonicNs = 0n
  const clock = createClock({ wallMs: () => 1000, monotonicNs: () => monotonicNs })
  t.is(clock.nowNs(), secondNs)
  monotonicNs = 700_000n
  t.is(clock.nowNs(), secondNs + 700_000n)
  t.is(clock.nowNs(), secondNs + 700_001n)
})

test.serial('names of runs stay unique however the clock jumps', t => {
  const ids = createIds()
  const names = new Set<string>()
  for (const byMs of [0, hourMs, -hourMs, 0, hourMs]) {
    jump(byMs)
    for (let count = 0; count < 1000; count += 1) names.add(ids.runId())
  }
  t.is(names.size, 5000)
})

test('the disk of a directory, which has more room in all than is free; nothing of one that is not there', t => {
  const disk = createDiskReader(import.meta.dirname)()
  t.true(disk !== undefined && disk.freeBytes > 0 && disk.totalBytes >= disk.freeBytes)
  t.is(createDiskReader(`${import.meta.dirname}/missing`)(), undefined)
})

test.serial('names of runs and events grow, many in a millisecond and with a clock that is set back too', t => {
  const ids = createIds()
  let last = ''
  for (let count = 0; count < 20_000; count += 1) {
    if (count === 10_000) jump(-hourMs)
    const id = ids.runId()
    if (id <= last) t.fail(`${id} after ${last}`)
    last = id
  }
  t.regex(last, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
