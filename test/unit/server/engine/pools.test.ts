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

test('the images used last have containers ready, and all together no more than the total', async t => {
  const docker = createPlayedDocker({ control: becomeReady })
  const images = ['one', 'two', 'three'].map(name => ({ ...playedImage, dockerImage: `${name}:1` }))
  const labels = { 'io.dispatchframework.solo.language': 'python3', 'io.dispatchframework.solo.protocol': '1' }
  for (const { dockerImage } of images) docker.addImage(dockerImage, labels)
  const { engine, revision } = createTestEngine(t, { docker, limits: { poolSize: 2, maxPooled: 3 } })
  const ready = () =>
    Object.fromEntries(engine.stats().pools.map(({ dockerImage, ready: count }) => [dockerImage, count]))
  const untilReady = (expected: Record<string, number>) =>
    until(`ready: ${JSON.stringify(expected)}`, async () => {
      const { pools } = engine.stats()
      return pools.every(({ dockerImage, ...pool }) => pool.starting === 0 && pool.ready === expected[dockerImage])
    })
  engine.setImages(images)
  await untilReady({ 'one:1': 0, 'two:1': 1, 'three:1': 2 })
  const [one = playedImage] = images
  await engine.load(revision(one, {}))
  await untilReady({ 'one:1': 2, 'two:1': 0, 'three:1': 1 })
  t.deepEqual(ready(), { 'one:1': 2, 'two:1': 0, 'three:1': 1 })
})
