/** Which pools there are, and for how long. */
import test from 'ava'
import { becomeReady, createPlayedDocker, playedImage } from '../../../helpers/played-runtime.ts'
import { createTestEngine } from '../../../helpers/test-engine.ts'
import { until } from '../../../helpers/wait.ts'

test('a function without a network that fell asleep finds a container ready, until it is gone', async t => {
  const docker = createPlayedDocker({ control: becomeReady })
  const { engine, revision } = createTestEngine(t, { docker, limits: { poolSize: 1, idleMs: 1 } })
  const none = () => engine.stats().pools.find(({ network }) => network === 'none')
  engine.setImages([playedImage])
  const apart = { ...revision(playedImage, {}), limits: { network: 'none' as const } }
  t.is(none(), undefined)
  await engine.load(apart)
  await until('it is asleep, and its pool full', async () => {
    const { functions, pools } = engine.stats()
    return !functions.some(({ warm }) => warm) && pools.every(({ ready, starting }) => ready === 1 && starting === 0)
  })
  t.like(none(), { ready: 1 })
  const before = engine.stats().counters.warmStarts
  await engine.load(apart)
  t.is(engine.stats().counters.warmStarts, before + 1)
  await engine.unload(apart.revisionId)
  await until('nobody needs its pool', async () => (none()?.ready ?? 0) === 0)
})
