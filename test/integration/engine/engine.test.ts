/** The engine on real Docker: what only real containers show. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import test from 'ava'
import { createRealDocker } from '../../helpers/real-docker.ts'
import { runtimeImage } from '../../helpers/runtime-images.ts'
import { nodejs, python3 } from '../../helpers/runtime-probes.ts'
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts'
import { until } from '../../helpers/wait.ts'

const docker = createRealDocker()
const languages = [
  { image: runtimeImage('python3'), probe: python3.probe },
  { image: runtimeImage('nodejs'), probe: nodejs.probe },
]

const containersOf = ({ instanceId }: TestEngine) =>
  docker.listContainers({ 'io.dispatchframework.solo.instance': instanceId })

async function runningOf({ instanceId }: TestEngine): Promise<string[]> {
  const label = `label=io.dispatchframework.solo.instance=${instanceId}`
  const { stdout } = await promisify(execFile)('docker', ['ps', '--quiet', '--no-trunc', '--filter', label])
  return stdout.split('\n').filter(Boolean)
}

test.serial(
  'nodejs: the objects of a function may fill most of its own memory, and more is out of memory too',
  async t => {
    const { engine, call, revision } = createTestEngine(t, { docker, limits: { memoryBytes: 256 * 2 ** 20 } })
    const probed = { ...revision(runtimeImage('nodejs'), nodejs.probe), limits: { memoryBytes: 1024 * 2 ** 20 } }
    await engine.load(probed)
    t.like(await call(probed, { do: 'hold', mebibytes: 650 }), { ok: true, outputJson: '650' })
    const outcome = await call(probed, { do: 'hold', mebibytes: 850 })
    t.is(outcome.ok ? '' : outcome.error.message, 'The function ran out of memory: it has 1024 MiB')
    t.like(await call(probed, { do: 'hold', mebibytes: 1 }), { ok: true })
  },
)

test.serial('nodejs: in a small container garbage is collected before memory runs out', async t => {
  const { engine, call, revision } = createTestEngine(t, { docker })
  const probed = { ...revision(runtimeImage('nodejs'), nodejs.probe), limits: { memoryBytes: 128 * 2 ** 20 } }
  await engine.load(probed)
  const outcome = await call(probed, { do: 'churn', liveMebibytes: 40, mebibytes: 1500 })
  t.like(outcome, { ok: true, outputJson: '40' })
})

/** Each call waits in its own process, by threads of the file system, until all of them are there. */
const meeting = `
const { mkdir, readdir } = require('node:fs/promises')
module.exports = async (context, count) => {
  await mkdir('/tmp/met', { recursive: true })
  await mkdir('/tmp/met/' + process.pid)
  while ((await readdir('/tmp/met')).length < count) await new Promise(resolve => setTimeout(resolve, 100))
  return 'met'
}
`

test.serial('nodejs: 40 processes of a function have all their threads', async t => {
  const { engine, call, revision } = createTestEngine(t, { docker, limits: { poolSize: 0 } })
  const limits = { concurrency: 40, memoryBytes: 4096 * 2 ** 20, cpus: 2 }
  const own = { ...revision(runtimeImage('nodejs'), { 'meet.js': meeting }), limits }
  await engine.load(own)
  const outcomes = await Promise.all(Array.from({ length: 40 }, () => call(own, 40, 120_000)))
  for (const outcome of outcomes) t.like(outcome, { ok: true, outputJson: '"met"' })
})

for (const { image, probe } of languages) {
  const { language } = image

  test.serial(`${language}: 200 calls at once, each with its own lines`, async t => {
    const { engine, call, revision } = createTestEngine(t, { docker })
    const probed = revision(image, probe)
    await engine.load(probed)
    const numbers = Array.from({ length: 200 }, (_, number) => number)
    const outcomes = await Promise.all(numbers.map(text => call(probed, { do: 'print', text })))
    t.deepEqual(
      outcomes.map(({ logs }) => logs),
      numbers.map(number => ({ stdout: [`out ${number}`, ''], stderr: [`err ${number}`] })),
    )
  })

  test.serial(
    `${language}: a function's own memory is what its container has, and running out of it is told`,
    async t => {
      const { engine, call, revision } = createTestEngine(t, { docker, limits: { poolSize: 0 } })
      for (const mebibytes of [128, 768]) {
        const probed = { ...revision(image, probe), limits: { memoryBytes: mebibytes * 2 ** 20, cpus: 0.5 } }
        await engine.load(probed)
        const outcome = await call(probed, { do: 'memory' })
        t.is(outcome.ok ? '' : outcome.error.message, `The function ran out of memory: it has ${mebibytes} MiB`)
        t.like(await call(probed, { do: 'echo' }), { ok: true })
      }
    },
  )

  test.serial(`${language}: limits that Docker refuses are the reason, and cost no container`, async t => {
    const engine = createTestEngine(t, { docker, limits: { poolSize: 0 } })
    const greedy = { ...engine.revision(image, probe), limits: { cpus: 100_000 } }
    await t.throwsAsync(engine.engine.load(greedy), { message: /^Docker refused its limits \(100000 cpus\): .*CPUs/ })
    await until('no container is left', async () => (await containersOf(engine)).length === 0)
    t.like(await engine.call(engine.revision(image, probe), { do: 'echo' }), { ok: true })
  })

  test.serial(`${language}: eight calls of a function run side by side`, async t => {
    const { engine, call, revision } = createTestEngine(t, { docker })
    const probed = revision(image, probe)
    await engine.load(probed)
    const calls = Array.from({ length: 8 }, () => call(probed, { do: 'wait', seconds: 3 }))
    await until('all eight at work', async () => engine.stats().functions[0]?.busy === 8)
    t.true((await Promise.all(calls)).every(({ ok }) => ok))
  })

  test.serial(`${language}: running out of memory is told, and the next call is unharmed`, async t => {
    const limits = { memoryBytes: 256 * 1024 * 1024 }
    const { engine, call, revision } = createTestEngine(t, { docker, limits })
    const probed = revision(image, probe)
    await engine.load(probed)
    const outcome = await call(probed, { do: 'memory' })
    t.is(outcome.ok ? '' : outcome.error.message, 'The function ran out of memory: it has 256 MiB')
    t.like(await call(probed, { do: 'echo' }), { ok: true })
  })

  test.serial(`${language}: the first call after loading succeeds, 100 times`, async t => {
    const { engine, call, revision } = createTestEngine(t, { docker, limits: { poolSize: 4 } })
    engine.setImages([image])
    for (let round = 0; round < 100; round += 1) {
      const probed = revision(image, probe)
      await engine.load(probed)
      t.like(await call(probed, { do: 'echo' }), { ok: true }, `round ${round}`)
      void engine.unload(probed.revisionId)
    }
  })

  test.serial(`${language}: after docker rm -f the call in flight is ours, the next one is answered`, async t => {
    const engine = createTestEngine(t, { docker, limits: { poolSize: 0 } })
    const probed = engine.revision(image, probe)
    await engine.engine.load(probed)
    const cut = engine.call(probed, { do: 'wait', seconds: 600 })
    const [container] = await containersOf(engine)
    await docker.removeContainer(container?.id ?? '')
    t.like(await cut, { ok: false, error: { type: 'SystemError' } })
    t.like(await engine.call(probed, { do: 'echo' }), { ok: true })
  })

  test.serial(`${language}: a waiting container that is removed from outside is replaced`, async t => {
    const engine = createTestEngine(t, { docker })
    engine.engine.setImages([image])
    const first = await until('a container waits', async () => (await runningOf(engine)).at(0))
    await docker.removeContainer(first)
    await until('another one waits', async () => {
      const ids = (await containersOf(engine)).map(({ id }) => id)
      return ids.length === 1 && !ids.includes(first)
    })
    t.like(await engine.call(engine.revision(image, probe), { do: 'echo' }), { ok: true })
  })
}

test.serial('closing leaves no container', async t => {
  const engine = createTestEngine(t, { docker, limits: { poolSize: 2 } })
  engine.engine.setImages(languages.map(({ image }) => image))
  const outcomes = languages.map(({ image, probe }) => engine.call(engine.revision(image, probe), { do: 'echo' }))
  t.true((await Promise.all(outcomes)).every(({ ok }) => ok))
  await engine.engine.close(30_000)
  t.deepEqual(await containersOf(engine), [])
})

test.serial('what a server that died left behind is removed by its successor', async t => {
  const { image, probe } = { image: runtimeImage('python3'), probe: python3.probe }
  const instanceId = `crashed-${process.pid}`
  const crashed = createTestEngine(t, { docker, instanceId })
  await crashed.engine.load(crashed.revision(image, probe))
  const [left] = await containersOf(crashed)
  const successor = createTestEngine(t, { docker, instanceId })
  await until('the container left behind is gone', async () => {
    const ids = (await containersOf(successor)).map(({ id }) => id)
    return left !== undefined && !ids.includes(left.id)
  })
  t.pass()
})
