/** What nothing uses goes: when it is asked for, and by itself after a while. */
import test from 'ava'
import { createContentNames } from '../../../../server/images/names.ts'
import { createImageSweeper, type ImageSweeperDependencies } from '../../../../server/images/sweeper.ts'
import { createFakeDocker } from '../../../helpers/fake-docker.ts'
import { until } from '../../../helpers/wait.ts'

const names = createContentNames('dispatch', '12345678')
const [one, two] = [names.built('1'), names.built('2')]

function createStage(changes: Partial<ImageSweeperDependencies> = {}) {
  const docker = createFakeDocker()
  const state = { nowMs: Date.now() + 60_000, used: new Set<string>() }
  const silent = () => undefined
  const sweeper = createImageSweeper({
    ...{ docker, names, periodMs: 1, graceMs: 600_000 },
    baseImages: { list: async () => [] },
    images: { list: async () => [] },
    functions: { dockerImages: async () => state.used },
    clock: { nowNs: () => BigInt(state.nowMs) * 1_000_000n },
    log: { info: silent, warn: silent, error: silent },
    ...changes,
  })
  return { docker, state, sweeper }
}

test('pruning removes at once what nothing uses, and tells it', async t => {
  const { docker, state, sweeper } = createStage()
  const [unused, used] = [docker.addImage(one), docker.addImage(two)]
  state.used.add(used)
  t.deepEqual(
    (await sweeper.listUnused()).map(each => each.names),
    [[one]],
  )
  const { removed, freedBytes } = await sweeper.prune()
  t.deepEqual(
    removed.map(({ dockerImage, names: gone }) => [dockerImage.id, gone]),
    [[unused, [one]]],
  )
  t.is(freedBytes, 1024)
  t.is(await docker.findImage(one), undefined)
  t.truthy(await docker.findImage(two))
})

test('what a container is of stays, and is not told as removed', async t => {
  const { docker, sweeper } = createStage()
  docker.addImage(one)
  const spec = { name: 'c', dockerImage: one, command: [], env: {}, labels: {}, mounts: [] }
  await docker.createContainer({ ...spec, memoryBytes: 1, cpus: 1, maxProcesses: 1, network: 'none' })
  t.deepEqual(await sweeper.prune(), { removed: [], freedBytes: 0 })
  t.truthy(await docker.findImage(one))
})

test('by itself it goes when nothing has used it for long enough without a break', async t => {
  let looks = 0
  const { docker, state, sweeper } = createStage({
    functions: {
      dockerImages: async () => {
        looks += 1
        return state.used
      },
    },
  })
  const look = () => {
    const seen = looks
    return until('it has looked twice', async () => looks > seen + 2)
  }
  const id = docker.addImage(one)
  sweeper.start()
  t.teardown(sweeper.stop)
  await look()
  state.nowMs += 599_000
  state.used.add(id)
  await look()
  state.used.clear()
  await look()
  state.nowMs += 599_000
  await look()
  t.truthy(await docker.findImage(one))
  state.nowMs += 2_000
  await until('it is gone', async () => (await docker.findImage(one)) === undefined)
})
