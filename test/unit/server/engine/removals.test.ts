/** What cannot be removed is tried again until it can, harms nothing else, and has a last attempt at the end. */
import test from 'ava'
import { createRemovals } from '../../../../server/engine/removals.ts'
import { until } from '../../../helpers/wait.ts'

function createStage() {
  const tries: string[] = []
  const busy = new Set<string>()
  const warnings: object[] = []
  const removals = createRemovals({ info: () => undefined, warn: fields => warnings.push(fields) })
  const begin = (what: string) =>
    removals.begin(what, async () => {
      tries.push(what)
      if (busy.has(what)) throw new Error('device or resource busy')
    })
  return { tries, busy, warnings, begin, close: removals.close }
}

test('what fails is told with its cause and tried again until it goes, the rest goes at once', async t => {
  const { tries, busy, warnings, begin } = createStage()
  busy.add('/stuck')
  await Promise.all([begin('/stuck'), begin('/free')])
  t.deepEqual(tries, ['/stuck', '/free'])
  t.like(warnings, [{ what: '/stuck', cause: 'device or resource busy' }])
  busy.clear()
  await until('another try', async () => tries.length === 3)
  t.is(warnings.length, 1)
})

test('the end tries once more, and then no longer', async t => {
  const { tries, busy, begin, close } = createStage()
  busy.add('/stuck')
  await begin('/stuck')
  await close()
  t.is(tries.length, 2)
  busy.clear()
  await close()
  await close()
  t.is(tries.length, 3)
})
