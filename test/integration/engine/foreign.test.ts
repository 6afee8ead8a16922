/** Functions on an image that others made: the promises of every runtime, and what is done when their containers move or go. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { functionInstanceLabel } from '../../../server/engine/http/plan.ts'
import { buildForeignBase, createForeignEngine, foreignCases, foreignImage } from '../../helpers/foreign-base.ts'
import { createRealDocker } from '../../helpers/real-docker.ts'
import { testRuntime } from '../../helpers/runtime-cases.ts'
import type { TestEngine } from '../../helpers/test-engine.ts'
import { until } from '../../helpers/wait.ts'

const docker = createRealDocker()
const { probe } = foreignCases
const engineFor = (t: ExecutionContext) => createForeignEngine(t, { docker })
const cli = (...args: string[]) => promisify(execFile)('docker', args)

test.before(buildForeignBase)

testRuntime(test.serial, { ...foreignCases, engineFor })

const containersOf = ({ instanceId }: TestEngine) =>
  docker.listContainers({ 'io.dispatchframework.solo.instance': instanceId })

async function theContainer(engine: TestEngine): Promise<string> {
  const [container] = await containersOf(engine)
  return container?.id ?? ''
}

test.serial('the container has the name and the labels of the original, no port, and few rights', async t => {
  const engine = engineFor(t)
  const revision = engine.revision(foreignImage, probe)
  await engine.engine.load(revision)
  const [shown] = JSON.parse((await cli('inspect', `dispatch-f-${revision.revisionId}`)).stdout)
  t.is(shown.Config.Labels['dispatch-function-id'], revision.functionId)
  t.is(shown.Config.Labels['dispatch-function-revision'], revision.revisionId)
  t.deepEqual(shown.HostConfig.PortBindings ?? {}, {})
  t.deepEqual(shown.HostConfig.SecurityOpt, ['no-new-privileges:true'])
  t.is(shown.Config.Image.startsWith('sha256:'), true)
})

for (const [what, harm] of [
  ['docker kill', (id: string) => cli('kill', id)],
  ['docker restart', (id: string) => cli('restart', '--time', '0', id)],
  ['docker rm -f', (id: string) => cli('rm', '-f', id)],
] as const) {
  test.serial(`${what} costs the call under way, and no other`, async t => {
    const engine = engineFor(t)
    const revision = engine.revision(foreignImage, probe)
    await engine.engine.load(revision)
    const id = await theContainer(engine)
    const cut = engine.call(revision, { do: 'wait', seconds: 600 })
    const waiting = engine.call(revision, { do: 'text', text: 'waited' })
    await until('one is under way, the other waits', async () => {
      const [stats] = engine.engine.stats().functions
      return stats?.busy === 1 && stats.waiting === 1
    })
    await harm(id)
    t.like(await cut, { ok: false, error: { type: 'SystemError' } })
    t.like(await waiting, { ok: true, outputJson: '"waited"' })
    t.like(await engine.call(revision, { do: 'text', text: 'later' }), { ok: true, outputJson: '"later"' })
    t.is((await theContainer(engine)) === id, what !== 'docker rm -f')
  })
}

test.serial('a language server that comes late is waited for: loaded is who answers', async t => {
  const engine = engineFor(t)
  const late = 'import time\ntime.sleep(3)\nbegun = time.time()\ndef handle(c, p): return begun'
  const revision = engine.revision(foreignImage, { 'late.py': late })
  await engine.engine.load(revision)
  const loadedSeconds = Date.now() / 1000
  const outcome = await engine.call(revision)
  t.true(outcome.ok && Number(outcome.outputJson) <= loadedSeconds)
})

test.serial('a function sleeps without a container, and wakes without a build', async t => {
  const engine = createForeignEngine(t, { docker, limits: { idleMs: 200 } })
  const revision = engine.revision(foreignImage, probe)
  t.like(await engine.call(revision, { do: 'echo' }), { ok: true })
  await until('it sleeps', async () => (await containersOf(engine)).length === 0)
  const unbuildable = { ...revision, placeCode: () => Promise.reject(new Error('it is built again')) }
  t.like(await engine.call(unbuildable, { do: 'echo' }), { ok: true })
})

test.serial('a container that writes more than it may is replaced', async t => {
  const engine = createForeignEngine(t, { docker, limits: { diskBytes: 16 * 2 ** 20, diskCheckMs: 100 } })
  const code = `import time
def handle(c, p):
    if p is None:
        return 'well'
    with open('/tmp/much', 'wb') as much:
        much.write(bytes(2 ** 25))
    time.sleep(600)
`
  const revision = engine.revision(foreignImage, { 'a.py': code })
  const outcome = await engine.call(revision, 'write')
  t.regex(outcome.ok ? '' : outcome.error.message, /it wrote more than the 16 MiB of function-disk/)
  t.like(await engine.call(revision), { ok: true, outputJson: '"well"' })
})

test.serial('as many calls side by side as the function says', async t => {
  const engine = engineFor(t)
  const revision = { ...engine.revision(foreignImage, probe), limits: { concurrency: 3 } }
  await engine.engine.load(revision)
  const calls = [1, 2, 3].map(() => engine.call(revision, { do: 'wait', seconds: 2 }))
  await until('three at work', async () => engine.engine.stats().functions[0]?.busy === 3)
  t.true((await Promise.all(calls)).every(({ ok }) => ok))
})

test.serial('a function without a network is called, and reaches nothing', async t => {
  const engine = engineFor(t)
  const code = `import socket
def handle(c, p):
    try:
        socket.create_connection(('192.0.2.1', 80), 2)
    except OSError as error:
        return 'unreached'
`
  const revision = { ...engine.revision(foreignImage, { 'a.py': code }), limits: { network: 'none' as const } }
  t.like(await engine.call(revision), { ok: true, outputJson: '"unreached"' })
})

test.serial('what is unloaded leaves no container, no image, and none without a name', async t => {
  const engine = engineFor(t)
  const revision = engine.revision(foreignImage, probe)
  await engine.engine.load(revision)
  await engine.engine.unload(revision.revisionId)
  t.deepEqual(await containersOf(engine), [])
  t.deepEqual(await docker.listImages({ [functionInstanceLabel]: engine.instanceId }), [])
})

test.serial('images of functions that a crash has left go, those of functions that exist stay', async t => {
  const engine = engineFor(t)
  const [kept, left] = [engine.revision(foreignImage, probe), engine.revision(foreignImage, probe)]
  await engine.engine.load(kept)
  await engine.engine.load(left)
  await engine.engine.close(10_000)
  const successor = createForeignEngine(t, { docker, instanceId: engine.instanceId })
  await successor.engine.keepOnly([kept.revisionId])
  const images = await docker.listImages({ [functionInstanceLabel]: engine.instanceId })
  t.deepEqual(
    images.map(({ labels }) => labels['dispatch-function-revision']),
    [kept.revisionId],
  )
})

test.serial('40 calls at once are answered one after the other, each with its own lines', async t => {
  const engine = engineFor(t)
  const revision = engine.revision(foreignImage, probe)
  await engine.engine.load(revision)
  const numbers = Array.from({ length: 40 }, (_, number) => number)
  const outcomes = await Promise.all(numbers.map(text => engine.call(revision, { do: 'print', text })))
  t.deepEqual(
    outcomes.map(({ logs }) => logs),
    numbers.map(number => ({ stdout: [`out ${number}`, ''], stderr: [`err ${number}`] })),
  )
})

test.serial('a language server that runs out of memory fails its call alone', async t => {
  const engine = engineFor(t)
  const revision = { ...engine.revision(foreignImage, probe), limits: { memoryBytes: 128 * 2 ** 20 } }
  t.like(await engine.call(revision, { do: 'memory' }), { ok: false })
  t.like(await engine.call(revision, { do: 'echo' }), { ok: true })
})
