/** The engine on a Docker in memory whose containers are processes of this machine: life, healing and end of functions. */
import { existsSync, readdirSync } from 'node:fs'
import test from 'ava'
import { BusyError } from '../../../../server/core/execution.ts'
import { createHostDocker, hostImages } from '../../../helpers/host-runtimes.ts'
import { createTestEngine, type TestEngine } from '../../../helpers/test-engine.ts'
import { until } from '../../../helpers/wait.ts'

const image = hostImages.python3
const instanceLabel = 'io.dispatchframework.solo.instance'
const code = {
  'f.py': `
import time
def handle(context, payload):
    time.sleep(payload.get('seconds', 0))
    return payload
`,
}

const containersOf = ({ docker, instanceId }: TestEngine) => docker.listContainers({ [instanceLabel]: instanceId })
const oneOf = async (t: TestEngine): Promise<string> => (await containersOf(t))[0]?.id ?? ''
const untilContainers = (engine: TestEngine, count: number) =>
  until(`${count} containers`, async () => (await containersOf(engine)).length === count)

test('a function that closes its connections and runs on costs its worker, not the container', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker(), limits: { poolSize: 0, graceMs: 60_000 } })
  const deaf = engine.revision(image, {
    'f.py': 'import os, time\ndef handle(c, p):\n  if not p: return 1\n  os.closerange(3, 256)\n  time.sleep(600)\n',
  })
  await engine.engine.load(deaf)
  const before = await oneOf(engine)
  const outcome = await engine.call(deaf, true)
  t.regex(outcome.ok ? '' : outcome.error.message, /^The process of the function was killed by SIGKILL/)
  t.like(await engine.call(deaf, false), { ok: true })
  t.is(await oneOf(engine), before)
})

test('a call that is in flight when its container goes away is ours, the next one takes another container', async t => {
  const docker = createHostDocker()
  const engine = createTestEngine(t, { docker, limits: { poolSize: 0 } })
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  const cut = engine.call(revision, { seconds: 20 })
  docker.endContainer(await oneOf(engine))
  const outcome = await cut
  t.like(outcome, { ok: false, error: { type: 'SystemError' } })
  t.like(await engine.call(revision, { n: 1 }), { ok: true, outputJson: '{"n":1}' })
})

test('calls that wait when their container goes away are served from another', async t => {
  const docker = createHostDocker()
  const engine = createTestEngine(t, { docker, limits: { poolSize: 0, concurrency: 1 } })
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  const cut = engine.call(revision, { seconds: 20 })
  const waiting = engine.call(revision, { n: 1 })
  docker.endContainer(await oneOf(engine))
  t.like(await cut, { ok: false, error: { type: 'SystemError' } })
  t.like(await waiting, { ok: true })
})

test('an idle function gives its container up and wakes at its next call', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker(), limits: { poolSize: 0, idleMs: 20 } })
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  await untilContainers(engine, 0)
  t.like(await engine.call(revision, { n: 1 }), { ok: true })
})

test('a revision that was never loaded, or is unloaded, is loaded by its call', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker() })
  const revision = engine.revision(image, code)
  t.like(await engine.call(revision, { n: 1 }), { ok: true })
  await engine.engine.unload(revision.revisionId)
  await engine.engine.unload(revision.revisionId)
  await engine.engine.unload('never heard of')
  t.like(await engine.call(revision, { n: 2 }), { ok: true })
})

test('unloading waits for the calls that are in flight', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker(), limits: { poolSize: 0 } })
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  const call = engine.call(revision, { seconds: 0.3 })
  await engine.engine.unload(revision.revisionId)
  t.deepEqual(await containersOf(engine), [])
  t.like(await call, { ok: true })
})

test('more calls than workers are all answered, by no more workers than allowed', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker(), limits: { concurrency: 3 } })
  const pids = engine.revision(image, {
    'f.py': 'import os, time\ndef handle(c, p):\n  time.sleep(0.02)\n  return os.getpid()\n',
  })
  const outcomes = await Promise.all(Array.from({ length: 40 }, () => engine.call(pids)))
  t.true(outcomes.every(({ ok }) => ok))
  t.true(new Set(outcomes.map(outcome => outcome.ok && outcome.outputJson)).size <= 3)
})

test('a call that waits for a worker that dies gets the next one', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker(), limits: { concurrency: 1 } })
  const dying = engine.revision(image, {
    'f.py': 'import os\ndef handle(c, p):\n  return os._exit(3) if p else "alive"\n',
  })
  await engine.engine.load(dying)
  const outcomes = await Promise.all([engine.call(dying, true), engine.call(dying, false), engine.call(dying, false)])
  t.deepEqual(
    outcomes.map(({ ok }) => ok),
    [false, true, true],
  )
})

test('a full queue turns calls away, a deadline ends the waiting', async t => {
  const limits = { concurrency: 1, maxWaiting: 1 }
  const engine = createTestEngine(t, { docker: createHostDocker(), limits })
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  const running = engine.call(revision, { seconds: 1 })
  const waiting = engine.call(revision, { n: 1 }, 50)
  await t.throwsAsync(engine.call(revision, { n: 2 }), {
    instanceOf: BusyError,
    message: 'function f is busy: 1 calls are waiting already',
  })
  const late = await waiting
  t.is(late.ok ? '' : late.error.message, 'Did not invoke, already exceeded timeout')
  t.like(await running, { ok: true })
})

test('while Docker is down calls end as ours with its own words, and all is well when it is back', async t => {
  const docker = createHostDocker()
  docker.down = true
  const engine = createTestEngine(t, { docker })
  const revision = engine.revision(image, code)
  const outcome = await engine.call(revision)
  t.like(outcome, { ok: false, error: { type: 'SystemError' } })
  t.regex(outcome.ok ? '' : outcome.error.message, /Docker at unix:\/\/\/fake.sock is not running: start it/)
  docker.down = false
  t.like(await engine.call(revision, { n: 1 }), { ok: true })
})

test('while Docker does not answer at all, calls are told when the time is over, and nothing is left later', async t => {
  const docker = createHostDocker()
  const answer = Promise.withResolvers<void>()
  const { createContainer } = docker
  docker.createContainer = async spec => {
    await answer.promise
    return await createContainer(spec)
  }
  const engine = createTestEngine(t, { docker, limits: { poolSize: 0, startTimeoutMs: 100 } })
  const outcome = await engine.call(engine.revision(image, code))
  t.regex(outcome.ok ? '' : outcome.error.message, /could not be started: it did not report within 0.1 s/)
  const created = until('a late container', async () => docker.specs.size > 0)
  answer.resolve()
  await created
  await untilContainers(engine, 0)
})

test('closing waits for calls in flight, refuses new ones, and leaves nothing behind', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker(), limits: { poolSize: 2 } })
  engine.engine.setImages([image, hostImages.nodejs])
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  const call = engine.call(revision, { seconds: 0.3 })
  const closed = engine.engine.close(30_000)
  t.like(await engine.call(revision), { ok: false, error: { type: 'SystemError' } })
  t.like(await call, { ok: true })
  await closed
  t.deepEqual(await containersOf(engine), [])
  t.deepEqual(existsSync(engine.containersDir) ? readdirSync(engine.containersDir) : [], [])
})

test('closing does not wait longer than it may', async t => {
  const engine = createTestEngine(t, { docker: createHostDocker() })
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  const call = engine.call(revision, { seconds: 20 })
  await engine.engine.close(10)
  const outcome = await call
  t.like(outcome, { ok: false, error: { type: 'SystemError' } })
  t.regex(outcome.ok ? '' : outcome.error.message, /the server was stopped, and the time for calls to end was over$/)
  t.deepEqual(await containersOf(engine), [])
})

test('closing does not wait for a Docker that does not answer', async t => {
  const docker = createHostDocker()
  const never = Promise.withResolvers<void>()
  const { removeContainer } = docker
  docker.removeContainer = id => never.promise.then(() => removeContainer(id))
  const engine = createTestEngine(t, { docker, limits: { poolSize: 0, removalMs: 100 } })
  t.teardown(() => never.resolve())
  const revision = engine.revision(image, code)
  await engine.engine.load(revision)
  const begunMs = performance.now()
  await engine.engine.close(10)
  t.true(performance.now() - begunMs < 20_000)
  never.resolve()
  await untilContainers(engine, 0)
})
