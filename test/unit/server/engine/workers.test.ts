/** How many workers functions have: grown by need, retired when idle, shared when the machine has no more. */
import test from 'ava'
import { BusyError } from '../../../../server/core/execution.ts'
import { createHostDocker, hostImages } from '../../../helpers/host-runtimes.ts'
import { createTestEngine, type TestEngine } from '../../../helpers/test-engine.ts'
import { until } from '../../../helpers/wait.ts'

const image = hostImages.python3
const code = { 'f.py': 'import time\ndef handle(c, p):\n  time.sleep(p or 0)\n  return p\n' }
const statsOf = ({ engine }: TestEngine, { revisionId }: { revisionId: string }) =>
  engine.stats().functions.find(known => known.revisionId === revisionId)
const times = (count: number, work: () => Promise<{ ok: boolean }>) => Promise.all(Array.from({ length: count }, work))

test('a function has one worker, more while calls wait, and one again when they are idle', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker(), limits: { workerIdleMs: 50 } })
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  t.like(statsOf(engine, revision), { warm: true, workers: 1, busy: 0, waiting: 0 })
  const calls = times(4, () => engine.call(revision, 3))
  await until('a worker for each call', async () => statsOf(engine, revision)?.busy === 4)
  t.true((await calls).every(({ ok }) => ok))
  await until('one worker', async () => statsOf(engine, revision)?.workers === 1)
  t.like(await engine.call(revision, 0), { ok: true })
})

test('the memory of a function is that of its container; it has none before and after', async t => {
  const { engine, revision } = createTestEngine(t, { docker: createHostDocker() })
  const own = revision(image, code)
  t.is(await engine.memoryOf(own.revisionId), undefined)
  await engine.load(own)
  t.is(await engine.memoryOf(own.revisionId), 8 * 1024 ** 2)
  await engine.unload(own.revisionId)
  t.is(await engine.memoryOf(own.revisionId), undefined)
})

test("a function's own concurrency counts", async t => {
  const engine = createTestEngine(t, { docker: createHostDocker() })
  const revision = { ...engine.revision(image, code), limits: { concurrency: 2 } }
  const calls = times(5, () => engine.call(revision, 0.1))
  await until('two at work', async () => statsOf(engine, revision)?.busy === 2)
  t.is(statsOf(engine, revision)?.workers, 2)
  t.true((await calls).every(({ ok }) => ok))
  t.is(statsOf(engine, revision)?.workers, 2)
})

test('a busy function leaves others their turn when the machine has no more workers', async t => {
  const limits = { maxWorkers: 3, turnMs: 0, poolSize: 2 }
  const engine = createTestEngine(t, { docker: createHostDocker(), limits })
  engine.engine.setImages([image])
  const [greedy, modest] = [engine.revision(image, code), engine.revision(image, code)]
  let over = false
  const busy = times(6, async () => {
    for (;;) {
      const outcome = await engine.call(greedy, 0.01)
      if (over || !outcome.ok) return outcome
    }
  })
  await until('all places but the last', async () => engine.engine.stats().workers.used === 2)
  for (let round = 0; round < 3; round += 1) t.like(await engine.call(modest, 0), { ok: true })
  over = true
  t.true((await busy).every(({ ok }) => ok))
  t.true(engine.engine.stats().workers.used <= 3)
})

test('idle functions fall asleep for those that have calls', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker(), limits: { maxWorkers: 2 } })
  const revisions = Array.from({ length: 5 }, () => engine.revision(image, code))
  for (const revision of revisions) await engine.engine.load(revision)
  t.is(engine.engine.stats().functions.filter(({ warm }) => warm).length, 2)
  const outcomes = await Promise.all(revisions.map(revision => engine.call(revision, 0)))
  t.true(outcomes.every(({ ok }) => ok))
})

test('while every worker of the machine is busy others are told to come again', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker(), limits: { maxWorkers: 1, waitMs: 500 } })
  const [long, other] = [engine.revision(image, code), engine.revision(image, code)]
  await engine.engine.load(long)
  const running = engine.call(long, 4)
  await t.throwsAsync(engine.call(other, 0), { instanceOf: BusyError, message: /^function f is busy: / })
  await t.throwsAsync(engine.engine.load(other), { message: 'all 1 workers of this machine were busy for 0.5 s' })
  t.like(await running, { ok: true })
  t.like(engine.engine.stats().counters.calls, { ok: 1, busy: 1 })
})

test('calls that wait are bounded by the bytes of their contexts as of their payloads', async t => {
  const limits = { concurrency: 1, maxWaitingBytes: 1000 }
  const engine = createTestEngine(t, { docker: createHostDocker(), limits })
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  // 3 bytes each, and one unit of a string.
  const contextJson = JSON.stringify({ httpContext: { path: '日'.repeat(200) } })
  const call = (id: string) => engine.engine.invoke(revision, { id, contextJson, payloadJson: '0.5' })
  const [running, waiting] = [call('running'), call('waiting')]
  await t.throwsAsync(call('refused'), { instanceOf: BusyError, message: /of input are waiting already$/ })
  t.like(await running, { ok: true })
  t.like(await waiting, { ok: true })
})

test('the snapshot tells pools, functions and what happened so far', async t => {
  const docker = createHostDocker()
  const engine = createTestEngine(t, { docker })
  engine.engine.setImages([image])
  const pool = { dockerImage: image.dockerImage, network: 'egress', ready: 1, starting: 0 }
  const isFull = async () => engine.engine.stats().pools[0]?.ready === 1
  await until('a full pool', isFull)
  t.deepEqual(engine.engine.stats().pools, [pool] as unknown)
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  t.like(engine.engine.stats().counters, { warmStarts: 1, coldStarts: 0, lostContainers: 0 })
  await until('a full pool again', isFull)
  for (const id of docker.specs.keys()) docker.endContainer(id)
  await until('the loss is known', async () => engine.engine.stats().counters.lostContainers === 1)
  t.like(await engine.call(revision, 0), { ok: true })
  await until('a full pool after all were lost', isFull)
})

test('after a restart of Docker, which ends every container, pools are full again and functions answer', async t => {
  const docker = createHostDocker()
  const engine = createTestEngine(t, { docker })
  engine.engine.setImages([image])
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  const isFull = async () => engine.engine.stats().pools[0]?.ready === 1
  await until('a full pool', isFull)
  docker.down = true
  for (const id of docker.specs.keys()) docker.endContainer(id)
  await until('all is lost', async () => !engine.engine.stats().functions[0]?.warm)
  await until('an empty pool', async () => engine.engine.stats().pools[0]?.ready === 0)
  docker.down = false
  await until('a full pool again', isFull)
  t.like(await engine.call(revision, 0), { ok: true })
})

test('the pool without a network is filled as long as a function that wants none is warm', async t => {
  const docker = createHostDocker()
  const engine = createTestEngine(t, { docker })
  engine.engine.setImages([image])
  const alone = { ...engine.revision(image, code), limits: { network: 'none' as const } }
  t.deepEqual(
    engine.engine.stats().pools.map(({ network }) => network),
    ['egress'],
  )
  t.like(await engine.call(alone, 0), { ok: true })
  const ofNone = () => engine.engine.stats().pools.find(({ network }) => network === 'none')
  await until('one more without a network', async () => ofNone()?.ready === 1)
  await engine.engine.unload(alone.revisionId)
  await until('none without a network', async () => (ofNone()?.ready ?? 0) === 0)
})

test('a container has processes for as many workers as its function may have, and never less than others', async t => {
  const docker = createHostDocker()
  const engine = createTestEngine(t, { docker, limits: { poolSize: 0, maxWorkers: 50 } })
  const processesFor = async (concurrency: number) => {
    const revision = { ...engine.revision(image, code), limits: { concurrency } }
    t.like(await engine.call(revision, 0), { ok: true })
    return [...docker.specs.values()].at(-1)?.maxProcesses
  }
  t.is(await processesFor(1), 256)
  t.is(await processesFor(40), 1280)
  t.is(await processesFor(1000), 1600)
})

test("a function's own memory and cpus are set on its container; what Docker refuses is told", async t => {
  const docker = createHostDocker()
  const engine = createTestEngine(t, { docker, limits: { poolSize: 0 } })
  const own = { ...engine.revision(image, code), limits: { memoryBytes: 64 * 2 ** 20, cpus: 0.5 } }
  t.like(await engine.call(own, 0), { ok: true })
  t.like([...docker.specs.values()][0], own.limits)
  docker.updateContainer = async () => {
    throw new Error('Docker could not set the limits: device or resource busy')
  }
  const refused = { ...engine.revision(image, code), limits: { cpus: 99 } }
  const outcome = await engine.call(refused, 0)
  t.regex(
    outcome.ok ? '' : outcome.error.message,
    /could not be started: Docker refused its limits \(99 cpus\): Docker/,
  )
  t.like(await engine.call(own, 0), { ok: true })
})
