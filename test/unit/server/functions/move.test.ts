/** Functions follow their image to other content: calls go on, and code that does not load there stays where it is. */
import test, { type ExecutionContext } from 'ava'
import { FunctionLoadError } from '../../../../server/core/execution.ts'
import type { FunctionEntity } from '../../../../server/functions/schema.ts'
import { archiveOf } from '../../../helpers/archive.ts'
import { answer, createFakeExecution, type FakeExecution, type Script } from '../../../helpers/fake-execution.ts'
import { addRuntime, createTestApp, seed, type TestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const source = (await archiveOf([{ name: 'handler.py', content: '#' }])).toString('base64')
const body = { name: 'fn', image: 'python3', source }
const url = '/v1/function/fn'
const runtime = 'dispatch-solo/python3:test'
const entityOf = async ({ store }: TestApp) => {
  const entity = await store.collection<FunctionEntity>('Function').get('dispatch', 'fn')
  if (!entity) throw new Error('there is no function')
  return entity
}
const run = ({ call }: TestApp) => call('POST', '/v1/runs?functionName=fn', { blocking: true })

/** `bad` are contents on which nothing loads. */
async function createReady(t: ExecutionContext, bad: Set<string>, script: Script = () => answer('1')) {
  const execution: FakeExecution = createFakeExecution({ fn: script })
  const load: FakeExecution['load'] = async revision => {
    if (bad.has(revision.dockerImage)) throw new FunctionLoadError('it is not there')
    await execution.load(revision)
  }
  const app = await createTestApp(t, {}, { execution: { ...execution, load } })
  await seed(app)
  await app.call('POST', '/v1/function', body)
  await app.reach(url, 'READY')
  return { ...app, execution }
}

/** As when the runtime is loaded anew: the image is looked at again. */
async function changeRuntime(app: TestApp, learn: (content: string) => void = () => undefined): Promise<string> {
  addRuntime(app.docker, 'python3', { requests: '2.32.3' })
  const content = (await app.docker.findImage(runtime))?.id ?? ''
  learn(content)
  await app.call('PUT', '/v1/image/python3', { name: 'python3', baseImageName: 'python3-base' })
  await app.reach('/v1/image/python3', 'READY')
  return content
}

const moved = (app: TestApp, content: string) =>
  until('the function is on the new content', async () => {
    const entity = await entityOf(app)
    return entity.active?.dockerImage === content && entity
  })

test('a function moves with its image, as a version of its own, and is READY all the time', async t => {
  const app = await createReady(t, new Set())
  const before = await entityOf(app)
  const statuses = new Set<string | undefined>()
  app.store.onChange(({ kind }) => {
    if (kind === 'Function') void entityOf(app).then(({ status }) => statuses.add(status))
  })
  const { wanted, active } = await moved(app, await changeRuntime(app))
  t.not(active?.faasId, before.active?.faasId)
  t.is(active?.faasId, wanted.faasId)
  t.like((await app.call('GET', url)).body, { status: 'READY', reason: null, faasId: active?.faasId })
  await until('the former version is cleared away', async () => app.execution.loaded.size === 1)
  t.true(app.execution.loaded.has(active?.faasId ?? ''))
  t.deepEqual([...statuses], ['READY'])
  t.is((await run(app)).body.output, 1)
})

test('a call under way ends on the content on which it began', async t => {
  const gate = Promise.withResolvers<void>()
  t.teardown(() => gate.resolve())
  let begun = 0
  const app = await createReady(t, new Set(), async (_, { dockerImage }) => {
    begun += 1
    if (begun === 1) await gate.promise
    return answer(JSON.stringify(dockerImage))
  })
  const former = (await entityOf(app)).active?.dockerImage
  const held = run(app)
  await until('the call is under way', async () => begun === 1)
  const content = await changeRuntime(app)
  await moved(app, content)
  t.is((await run(app)).body.output, content)
  t.is(app.execution.loaded.size, 2)
  gate.resolve()
  t.is((await held).body.output, former)
  await until('the former version is cleared away', async () => app.execution.loaded.size === 1)
})

test('code that does not load on the new content goes on on the old one and says so, until its image changes again', async t => {
  const bad = new Set<string>()
  const app = await createReady(t, bad)
  const former = (await entityOf(app)).active
  await changeRuntime(app, content => bad.add(content))
  const { body: shown } = await until('it says why it stays', async () => {
    const found = await app.call('GET', url)
    return found.body.reason !== null && found
  })
  t.is(shown.status, 'READY')
  t.regex(shown.reason[0], /^image python3 has changed, and the function goes on .*: it is not there; update the/)
  t.deepEqual((await entityOf(app)).active, former)
  t.is((await run(app)).body.output, 1)
  const { reason } = await moved(app, await changeRuntime(app))
  t.is(reason, null)
})

test('code that could not be loaded is tried again when its image has changed', async t => {
  const bad = new Set<string>()
  const app = await createReady(t, bad)
  bad.add((await entityOf(app)).active?.dockerImage ?? '')
  await app.call('PUT', url, { ...body, timeout: 1000 })
  await app.reach(url, 'ERROR')
  await changeRuntime(app)
  t.like((await app.reach(url, 'READY')).body, { timeout: 1000, reason: null })
})

test('an update that comes while the function moves wins', async t => {
  const app = await createReady(t, new Set())
  const content = await changeRuntime(app)
  await app.call('PUT', url, { ...body, timeout: 1000 })
  const { active } = await until('both are through', async () => {
    const entity = await entityOf(app)
    return entity.status === 'READY' && entity.active?.dockerImage === content && entity
  })
  t.is(active?.terms?.timeoutMs, 1000)
  await until('no other version is left', async () => app.execution.loaded.size === 1)
})
