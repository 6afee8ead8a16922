/** A sleeping function stands in line for its first place as long as one of its calls waits. */
import test from 'ava'
import { BusyError } from '../../../../server/core/execution.ts'
import { createFirstPlace, type FirstPlace } from '../../../../server/engine/first-place.ts'
import { createShare } from '../../../../server/engine/share.ts'
import { createHostDocker, hostImages } from '../../../helpers/host-runtimes.ts'
import { createTestEngine } from '../../../helpers/test-engine.ts'
import { until } from '../../../helpers/wait.ts'

/** Of a machine whose only place another function has. */
function open(waitMs: number) {
  const share = createShare(1)
  const join = (granted: () => boolean) => share.join({ granted, idleSinceMs: undefined, retireIdle: () => undefined })
  const other = join(() => false)
  other.claim()
  const queue = { size: 1 }
  const first: FirstPlace = createFirstPlace({ queue, limits: { waitMs, maxWorkers: 1 } })
  const places = join(() => first.granted())
  return { share, other, queue, first, places, taken: first.take(places) }
}

test('it stays in line as long as a call waits, and longer than one call may', async t => {
  const { share, other, queue, first, places, taken } = open(5)
  let looks = 0
  Object.defineProperty(queue, 'size', { get: () => (looks += 1) })
  await until('several times over', async () => looks > 2)
  t.true(share.contested)
  other.release()
  await taken
  t.is(places.kept, 1)
  t.false(first.granted())
})

test('without a call its wait ends, with whole seconds to come again', async t => {
  const { share, queue, taken } = open(1500)
  queue.size = 0
  const thrown = await t.throwsAsync(taken, { instanceOf: BusyError })
  t.is(thrown?.retryAfterSeconds, 2)
  t.false(share.contested)
})

test('who gives up is granted nothing', async t => {
  const { share, other, first, places, taken } = open(60_000)
  first.giveUp(new Error('removed'))
  other.release()
  await t.throwsAsync(taken, { message: 'removed' })
  t.deepEqual([share.taken, places.kept, share.contested], [0, 0, false])
})

test('a function that stands in line is unloaded at once', async t => {
  const code = { 'f.py': 'import time\ndef handle(c, p):\n  time.sleep(p or 0)\n' }
  const engine = createTestEngine(t, { docker: createHostDocker(), limits: { maxWorkers: 1 } })
  const [long, other] = [0, 1].map(() => engine.revision(hostImages.python3, code))
  if (!long || !other) return t.fail()
  await engine.engine.load(long)
  const running = engine.call(long, 60, 50_000)
  const waiting = engine.call(other, 0)
  await engine.engine.unload(other.revisionId, 0)
  t.like(await waiting, {
    ok: false,
    error: { message: 'function f could not be started: its function was deleted or replaced' },
  })
  t.is(engine.engine.stats().workers.used, 1)
  await engine.engine.unload(long.revisionId, 0)
  const end = await running
  t.regex(end.ok ? '' : end.error.message, /during the call: its function was deleted or replaced$/)
})
