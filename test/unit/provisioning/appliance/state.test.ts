import test from 'ava'
import { decideState, type StateFacts, startingLimitMs } from '../../../../provisioning/appliance/state.ts'
import type { StateName } from '../../../../provisioning/appliance/status.ts'

const facts: StateFacts = {
  isSetUp: true,
  isClaimed: true,
  isResetting: false,
  hasStarted: true,
  startingMs: 1000,
  troubles: [],
}

const cases: Readonly<Record<string, [given: Partial<StateFacts>, name: StateName]>> = {
  'claimed and well': [{}, 'ready'],
  'a part that fails': [{ troubles: ['docker: does not answer'] }, 'degraded'],
  'settings not applied yet': [{ isSetUp: false }, 'booting'],
  'settings not applied yet, nobody there': [{ isSetUp: false, isClaimed: false }, 'booting'],
  'nobody has claimed it': [{ isClaimed: false }, 'unclaimed'],
  'nobody has claimed it, and the server only starts': [{ isClaimed: false, hasStarted: false }, 'unclaimed'],
  'nobody has claimed it, and Docker fails': [{ isClaimed: false, troubles: ['docker: down'] }, 'unclaimed'],
  'the server only starts': [{ hasStarted: false, troubles: ['server: does not answer'] }, 'booting'],
  'the server never starts': [
    { hasStarted: false, startingMs: startingLimitMs, troubles: ['server: does not answer'] },
    'degraded',
  ],
  'a reset': [{ isResetting: true, isSetUp: false }, 'resetting'],
}

for (const [title, [given, name]] of Object.entries(cases))
  test(`${title}: ${name}`, t => {
    t.is(decideState({ ...facts, ...given }).name, name)
  })

test('what is wrong is named, but not while everything only starts', t => {
  const troubles = ['docker: down']
  t.deepEqual(decideState({ ...facts, troubles }).reasons, troubles)
  t.deepEqual(decideState({ ...facts, isClaimed: false, troubles }).reasons, troubles)
  t.deepEqual(decideState({ ...facts, isClaimed: false, hasStarted: false, troubles }).reasons, [])
})
