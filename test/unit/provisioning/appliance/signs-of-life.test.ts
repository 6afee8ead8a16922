import test from 'ava'
import { giveSignsOfLife, longestLookMs } from '../../../../provisioning/appliance/signs-of-life.ts'
import { watch } from '../../../../provisioning/appliance/watch.ts'
import { createNotifier } from '../../../../server/notify.ts'

/** systemd allows two minutes; what is sent to it is kept. */
function createStage(look: () => Promise<void>, env: Record<string, string>) {
  const sent: string[] = []
  const timers: { everyMs: number; work: () => void }[] = []
  let nowMs = 0
  const watching = watch({ look, pauseMs: 5000, monotonicMs: () => nowMs, schedule: () => ({ cancel() {} }) })
  const run = async (_: string, args: string[]) => void sent.push(...args)
  const notifier = createNotifier({ env, log: { warn: () => undefined }, run })
  giveSignsOfLife({ notifier, watch: watching, every: (everyMs, work) => void timers.push({ everyMs, work }) })
  const pass = (ms: number): void => {
    nowMs += ms
    for (const { work } of timers) work()
  }
  return { sent, timers, pass }
}

const watched = { NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '120000000' }

test('systemd is told twice in its time that the agent lives', async t => {
  const { sent, timers, pass } = createStage(async () => undefined, watched)
  t.deepEqual(
    timers.map(({ everyMs }) => everyMs),
    [60_000],
  )
  await Promise.resolve()
  pass(10 * longestLookMs)
  t.deepEqual(sent, ['WATCHDOG=1'])
})

test('an agent whose look does not end is told of no more', t => {
  const { sent, pass } = createStage(() => new Promise(() => undefined), watched)
  pass(longestLookMs - 1)
  t.is(sent.length, 1)
  pass(1)
  t.is(sent.length, 1)
})

test('where nobody watches nothing is sent', t => {
  t.deepEqual(createStage(async () => undefined, {}).timers, [])
})
