/** The machine's workers are shared in turn: no function waits while another keeps more than it has. */
import test from 'ava'
import { type Claimant, createShare, type Places } from '../../../../server/engine/share.ts'

/** A function that uses every place it is granted; the idle ones can be taken from it. */
function join(share: ReturnType<typeof createShare>, idle: { count: number; sinceMs: number }) {
  const member = { granted: 0, retired: 0, wants: true }
  const claimant: Claimant = {
    granted: () => {
      if (member.wants) member.granted += 1
      return member.wants
    },
    get idleSinceMs() {
      return idle.count > 0 ? idle.sinceMs : undefined
    },
    retireIdle: () => {
      idle.count -= 1
      member.retired += 1
    },
  }
  const places: Places = share.join(claimant)
  return { ...places, member, idle, places, claim: places.claim, release: places.release }
}

const busy = () => ({ count: 0, sinceMs: 0 })

test('places are given while there are some, then in turn', t => {
  const share = createShare(3)
  const [a, b, c] = [join(share, busy()), join(share, busy()), join(share, busy())]
  t.true(a.claim())
  t.true(a.claim())
  t.true(b.claim())
  t.deepEqual([a.claim(), b.claim(), c.claim()], [false, false, false])
  a.release()
  t.deepEqual([a.member.granted, b.member.granted, c.member.granted], [0, 0, 1])
  a.release()
  t.deepEqual([a.member.granted, b.member.granted, c.member.granted], [1, 0, 1])
  t.is(share.taken, 3)
})

test('one function never has every place: the last one is for another, which then waits for no call to end', t => {
  const share = createShare(3)
  const [greedy, late, last] = [join(share, busy()), join(share, busy()), join(share, busy())]
  t.deepEqual([greedy.claim(), greedy.claim(), greedy.claim()], [true, true, false])
  t.true(late.claim(), 'although somebody stands in line')
  t.false(last.claim())
  late.release()
  t.deepEqual([greedy.member.granted, last.member.granted], [0, 1])
  last.release()
  t.deepEqual([greedy.member.granted, share.taken], [0, 2])
  greedy.release()
  t.deepEqual([greedy.member.granted, share.taken], [1, 2])
})

test('the only place of a machine is for whoever comes', t => {
  t.true(join(createShare(1), busy()).claim())
})

test('a place that is not needed any more goes to the next in line', t => {
  const share = createShare(1)
  const [a, b, c] = [join(share, busy()), join(share, busy()), join(share, busy())]
  t.true(a.claim())
  t.deepEqual([b.claim(), c.claim()], [false, false])
  b.member.wants = false
  a.release()
  t.deepEqual([b.member.granted, c.member.granted, share.taken], [0, 1, 1])
})

test('idle workers make room: first those of functions with several, then the one idle longest; no more than are asked for', t => {
  const share = createShare(4)
  const several = join(share, { count: 1, sinceMs: 3 })
  const [old, young] = [join(share, { count: 1, sinceMs: 1 }), join(share, { count: 1, sinceMs: 2 })]
  for (const member of [several, several, young, old]) t.true(member.claim())
  const asking = join(share, busy())
  t.false(asking.claim())
  t.false(asking.claim())
  t.deepEqual([several.member.retired, old.member.retired, young.member.retired], [1, 0, 0])
  several.release()
  t.is(asking.member.granted, 1)
  t.false(asking.claim())
  t.deepEqual([several.member.retired, old.member.retired, young.member.retired], [1, 1, 0])
})

test('a busy function yields as long as it has more than the one that waits', t => {
  const share = createShare(6)
  const [greedy, late] = [join(share, busy()), join(share, busy())]
  for (let n = 0; n < 5; n += 1) t.true(greedy.claim())
  t.false(greedy.places.mustYield())
  t.deepEqual([late.claim(), late.claim()], [true, false])
  for (const granted of [0, 1]) {
    t.true(greedy.places.mustYield())
    greedy.places.yielding()
    t.false(greedy.places.mustYield(), 'one place for one that waits')
    greedy.release()
    t.is(late.member.granted, granted)
  }
  t.false(late.claim())
  t.deepEqual([greedy.places.kept, late.places.kept], [3, 2])
  t.false(greedy.places.mustYield(), 'it would have less than the other then')
})

test('idle workers make room until there is more than the last free place', t => {
  const share = createShare(4)
  const idle = [1, 2].map(sinceMs => join(share, { count: 1, sinceMs }))
  const growing = join(share, busy())
  for (const member of [...idle, growing, join(share, busy())]) t.true(member.claim())
  t.false(growing.claim())
  idle[0]?.release()
  t.deepEqual([growing.member.granted, idle[1]?.member.retired], [0, 1])
  idle[1]?.release()
  t.is(growing.member.granted, 1)
})

test('a function whose workers are all on their way out is asked for no more; the next idle one is', t => {
  const share = createShare(3)
  const [first, second] = [join(share, { count: 3, sinceMs: 1 }), join(share, { count: 1, sinceMs: 2 })]
  for (const member of [first, first, second]) t.true(member.claim())
  const asking = Array.from({ length: 3 }, () => join(share, busy()))
  for (const member of asking) t.false(member.claim())
  t.deepEqual([first.member.retired, second.member.retired], [2, 1])
  for (const member of [first, first, second]) member.release()
  t.deepEqual(
    asking.map(({ member }) => member.granted),
    [1, 1, 1],
  )
})

test('a free place may be taken without standing in line when there is none', t => {
  const share = createShare(1)
  const [a, b] = [join(share, busy()), join(share, busy())]
  t.true(a.places.takeFree())
  t.false(b.places.takeFree())
  t.false(share.contested)
})

test('who leaves stands in line no more', t => {
  const share = createShare(1)
  const [a, b] = [join(share, busy()), join(share, busy())]
  t.true(a.claim())
  t.false(b.claim())
  t.true(share.contested)
  share.leave(b.places)
  t.false(share.contested)
  a.release()
  t.is(b.member.granted, 0)
})
