/** What must not end a call: a wall clock that jumps, and the loss of a container that has not got the call yet. */
import test from 'ava'
import { createHostDocker, hostImages } from '../../../helpers/host-runtimes.ts'
import { createTestEngine, type TestEngine } from '../../../helpers/test-engine.ts'
import { until } from '../../../helpers/wait.ts'

const image = hostImages.python3
const code = { 'f.py': 'import time\ndef handle(c, p):\n  time.sleep(p)\n  return p\n' }
const containerOf = async ({ docker, instanceId }: TestEngine) =>
  (await docker.listContainers({ 'io.dispatchframework.solo.instance': instanceId }))[0]?.id ?? ''

test('a clock that is set forward cuts off neither the call that runs nor the one that waits', async t => {
  let aheadMs = 0
  const nowMs = () => Date.now() + aheadMs
  const limits = { poolSize: 0, concurrency: 1 }
  const engine = createTestEngine(t, { docker: createHostDocker(), limits, nowMs })
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  const running = engine.call(revision, 1, 600_000)
  const waiting = engine.call(revision, 0.1, 600_000)
  await until('one waits', async () => engine.engine.stats().functions[0]?.waiting === 1)
  aheadMs = 3_600_000
  t.like(await running, { ok: true })
  t.like(await waiting, { ok: true })
  t.like(await engine.call(revision, 0, 0), { ok: false }, 'a deadline is a time of the wall clock')
})

test('a call made in the tick in which its container is lost is served from another', async t => {
  const docker = createHostDocker()
  const engine = createTestEngine(t, { docker, limits: { poolSize: 0 } })
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  const container = await containerOf(engine)
  docker.endContainer(container)
  const made = Promise.all([engine.call(revision, 0), engine.call(revision, 0)])
  for (const outcome of await made) t.like(outcome, { ok: true })
  t.not(await containerOf(engine), container)
})
