/** What Docker holds for images and functions has a name for as long as it is used, and goes when it is not. */
import test, { type ExecutionContext } from 'ava'
import { createClock } from '../../../../server/system.ts'
import { archiveOf } from '../../../helpers/archive.ts'
import type { Script } from '../../../helpers/fake-execution.ts'
import { addRuntime, createTestApp, seed, type TestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const source = (await archiveOf([{ name: 'handler.py', content: '#' }])).toString('base64')
const runtime = 'dispatch-solo/python3:test'

/** A minute ahead of Docker: nothing is too young to go. */
async function createOldApp(t: ExecutionContext, scripts: Record<string, Script> = {}): Promise<TestApp> {
  const { nowNs } = createClock()
  return createTestApp(t, scripts, { clock: { nowNs: () => nowNs() + 60_000_000_000n } })
}

const prune = async ({ call }: TestApp): Promise<string[][]> =>
  (await call('POST', '/v1/image/prune')).body.removed.map(({ names }: { names: string[] }) => names)

const nameless = async ({ docker }: TestApp): Promise<string[]> =>
  (await docker.listImages({})).filter(({ tags }) => tags.length === 0).map(({ id }) => id)

async function changeRuntime(app: TestApp): Promise<void> {
  addRuntime(app.docker, 'python3', { requests: '2.32.3' })
  await app.call('PUT', '/v1/image/python3', { name: 'python3', baseImageName: 'python3-base' })
  await app.reach('/v1/image/python3', 'READY')
}

test('content that a call still runs on keeps a name when its image and its runtime have moved on', async t => {
  const gate = Promise.withResolvers<void>()
  t.teardown(() => gate.resolve())
  let isCalled = false
  const app = await createOldApp(t, {
    fn: async () => {
      isCalled = true
      await gate.promise
      return { ok: true, outputJson: '1', logs: { stdout: null, stderr: null } }
    },
  })
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  const former = (await app.docker.findImage(runtime))?.id ?? ''
  const call = app.call('POST', '/v1/runs?functionName=fn', { blocking: true })
  await until('it is under way', async () => isCalled)
  await changeRuntime(app)
  await until('the function has moved', async () => app.execution.loaded.size === 2)
  t.deepEqual(await nameless(app), [])
  t.deepEqual(await prune(app), [])
  t.truthy(await app.docker.findImage(former))
  gate.resolve()
  await call
  await until('the former version is gone', async () => app.execution.loaded.size === 1)
  const removed = await until('its content can go', async () => {
    const found = await prune(app)
    return found.length > 0 && found
  })
  t.regex(removed.flat().join(), /^dispatch\/kept-\w{8}:[0-9a-f]{64}$/)
  t.is(await app.docker.findImage(former), undefined)
})

test('a function runs on when its image is deleted and its runtime replaced, and its content goes with it', async t => {
  const app = await createOldApp(t)
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  const former = (await app.docker.findImage(runtime))?.id ?? ''
  addRuntime(app.docker, 'python3', {})
  await app.call('DELETE', '/v1/image/python3')
  await until('it is gone', async () => (await app.store.collection('Image').get('dispatch', 'python3')) === undefined)
  t.deepEqual([await nameless(app), await prune(app)], [[], []])
  t.truthy(await app.docker.findImage(former))
  await app.call('DELETE', '/v1/function/fn')
  await until('its content goes', async () => (await prune(app)).length > 0)
  t.is(await app.docker.findImage(former), undefined)
})

test('a base image that was pulled goes when no base image has it; one that was there before stays', async t => {
  const app = await createOldApp(t)
  app.docker.registry.add('example/pulled:1')
  app.docker.addImage('example/there:1')
  for (const name of ['pulled', 'there']) {
    await app.call('POST', '/v1/baseimage', { name, dockerUrl: `example/${name}:1`, language: 'l' })
    await app.reach(`/v1/baseimage/${name}`, 'READY')
  }
  t.deepEqual(await prune(app), [])
  for (const name of ['pulled', 'there']) {
    await app.call('DELETE', `/v1/baseimage/${name}`)
    const baseImages = app.store.collection('BaseImage')
    await until('it is gone', async () => (await baseImages.get('dispatch', name)) === undefined)
  }
  const unused = (await app.call('GET', '/v1/usage/images')).body
  t.is(unused.length, 1)
  t.is(unused[0].names[0], 'example/pulled:1')
  t.like(await app.call('POST', '/v1/image/prune'), { status: 200, body: { removed: unused, freedBytes: 1024 } })
  t.deepEqual(
    await Promise.all(['pulled', 'there'].map(async name => Boolean(await app.docker.findImage(`example/${name}:1`)))),
    [false, true],
  )
})
