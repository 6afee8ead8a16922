import test from 'ava'
import { createPace } from '../../../../provisioning/appliance/pace.ts'

test('one comes after the other, and who would wait too long is refused and told how long', async t => {
  let nowMs = 0
  const waits: number[] = []
  const pace = createPace({
    ...{ everyMs: 100, longestWaitMs: 200, monotonicMs: () => nowMs },
    pause: async ms => void waits.push(ms),
  })
  for (let count = 0; count < 3; count += 1) await pace()
  t.deepEqual(waits, [100, 200], 'the first one waits for nobody')
  const refusal = await t.throwsAsync(pace())
  t.like(refusal, { refusal: { reason: 'too-many-checks', waitSeconds: 1 } })
  nowMs = 300
  await pace()
  t.is(waits.length, 2, 'who was refused is waited for by nobody')
})
