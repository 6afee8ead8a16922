/** That a network has gone back is told until the next claim, and not before it has. */
import test from 'ava'
import type { Status } from '../../../../provisioning/appliance/status.ts'
import { createTrials } from '../../../../provisioning/setup/trials.ts'

const unclaimed: Status = {
  ...{
    product: 'Dispatch Solo',
    version: '1',
    state: 'unclaimed',
    reasons: [],
    hostName: 'a',
    urls: [],
    addresses: [],
  },
  ...{ fingerprints: {}, health: [], faults: [], failures: [], setup: { isOpen: true, openUntilMs: 9000 } },
}
const trying: Status = { ...unclaimed, trial: { untilMs: 1000, addresses: ['10.0.0.9'] } }

function createStage() {
  const clock = { nowMs: 0 }
  return { clock, trials: createTrials(() => clock.nowMs) }
}

test('nothing was tried: nothing has gone back', t => {
  const { trials } = createStage()
  trials.see(unclaimed)
  t.false(trials.hasGoneBack())
})

test('seen, and not there any more: it has gone back, until another claim', t => {
  const { trials } = createStage()
  trials.see(trying)
  t.false(trials.hasGoneBack())
  trials.see(unclaimed)
  t.true(trials.hasGoneBack())
  trials.see(unclaimed)
  t.true(trials.hasGoneBack())
  trials.forget()
  trials.see(unclaimed)
  t.false(trials.hasGoneBack())
})

test('begun but not told of yet: it goes on until its time is over', t => {
  const { trials, clock } = createStage()
  trials.begin(1000)
  trials.see(unclaimed)
  t.false(trials.hasGoneBack())
  clock.nowMs = 1000
  trials.see(unclaimed)
  t.true(trials.hasGoneBack())
})
