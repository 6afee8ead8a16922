/** The loops as a whole: resources reach the wanted state by themselves, and calls never notice. */
import test, { type ExecutionContext } from 'ava'
import type { FunctionEntity, SourceEntity } from '../../../../server/functions/schema.ts'
import { answer, type Script, tryCode } from '../../../helpers/fake-execution.ts'
import { createTestApp, seed, type TestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const source =
  'H4sIAAAAAAACA+3NsQqDQBCE4a19ii0NBFnJxcK3OXInFiLHRYu8fQ4bwT4S8P+aGaaZoUkf+TErOue2LI5p9nB73/bu6VpRkxOs78XncinXFOKgo5/DFOvXPd36SjXHZc2zpkoAAAAAAAAAAAAAAAAAAH/rC7KMCE8AKAAA'
const body = (handler = '') => ({ name: 'fn', image: 'python3', handler, source })
const url = '/v1/function/fn'
const run = ({ call }: TestApp) => call('POST', '/v1/runs?functionName=fn', { blocking: true })

const sourcesOf = ({ store }: TestApp) => store.collection<SourceEntity>('Source').list()
const entityOf = ({ store }: TestApp) => store.collection<FunctionEntity>('Function').get('dispatch', 'fn')

async function createReady(t: ExecutionContext, script: Script = ({ payloadJson }) => answer(payloadJson)) {
  const app = await createTestApp(t, { fn: script })
  await seed(app)
  await app.call('POST', '/v1/function', body())
  await app.reach(url, 'READY')
  return app
}

/** By the time that this one is READY, the loop has long seen what was asked of it before. */
async function createAnother(app: TestApp): Promise<void> {
  await app.call('POST', '/v1/function', { ...body(), name: 'another' })
  await app.reach('/v1/function/another', 'READY')
  await app.call('DELETE', '/v1/function/another')
  const functions = app.store.collection('Function')
  await until('another is gone', async () => (await functions.get('dispatch', 'another')) === undefined)
}

test('while Docker is down everything waits; once it is up everything becomes READY', async t => {
  const app = await createTestApp(t)
  app.docker.down = true
  await app.call('POST', '/v1/baseimage', { name: 'b', dockerUrl: 'dispatchframework/python3-base:1', language: 'x' })
  await app.call('POST', '/v1/image', { name: 'python3', baseImageName: 'b' })
  await app.call('POST', '/v1/function', body())
  const health = await app.call('GET', '/healthz')
  t.is(health.status, 503)
  t.regex(health.body.docker, /not running: start it/)
  for (const pending of ['/v1/baseimage/b', '/v1/image/python3', url])
    t.is((await app.call('GET', pending)).body.status, 'INITIALIZED')
  app.docker.down = false
  for (const ready of ['/v1/baseimage/b', '/v1/image/python3', url]) await app.reach(ready, 'READY')
  t.is((await app.call('GET', '/healthz')).status, 200)
})

test('a function created before its image is in ERROR with the reason, and READY when the image appears', async t => {
  const app = await createTestApp(t)
  await app.call('POST', '/v1/function', body())
  const { body: failed } = await app.reach(url, 'ERROR')
  t.regex(failed.reason[0], /image python3 not found/)
  await seed(app)
  t.is((await app.reach(url, 'READY')).body.reason, null)
})

test('updates under load fail no call', async t => {
  const app = await createReady(t, async (_, revision) => {
    // What the engine needs of a version as long as it is called: another container may have to take it.
    await tryCode(revision)
    await new Promise(setImmediate)
    await tryCode(revision)
    return answer('"fine"')
  })
  let isOver = false
  const caller = async (): Promise<unknown[]> => {
    const outputs = new Set<unknown>()
    while (!isOver) outputs.add((await run(app)).body.output)
    return [...outputs]
  }
  const callers = Array.from({ length: 5 }, caller)
  for (const handler of ['a', 'b', 'c', 'd', 'e', 'f']) {
    t.is((await app.call('PUT', url, body(handler))).status, 200)
    await app.reach(url, 'READY')
  }
  isOver = true
  t.deepEqual(await Promise.all(callers), Array(5).fill(['fine']))
})

test('a call that does not end holds up no update', async t => {
  const gate = Promise.withResolvers<void>()
  t.teardown(() => gate.resolve())
  const app = await createReady(t, async (_, revision) => {
    if (revision.handler === '') await gate.promise
    await tryCode(revision)
    return answer(JSON.stringify(revision.handler))
  })
  const held = run(app)
  for (const handler of ['a', 'b']) {
    await app.call('PUT', url, body(handler))
    await app.reach(url, 'READY')
    t.is((await run(app)).body.output, handler)
  }
  await createAnother(app)
  gate.resolve()
  t.is((await held).body.output, '')
  await until('one version is left', async () => app.execution.loaded.size === 1)
})

test('two quick updates end on the last one, and code of no other is left', async t => {
  const app = await createReady(t)
  await Promise.all(['a', 'b', 'c'].map(handler => app.call('PUT', url, body(handler))))
  await app.call('PUT', url, body('last'))
  const { active } = await until('the last one is active', async () => {
    const entity = await entityOf(app)
    return entity?.status === 'READY' && entity.active?.handler === 'last' && entity
  })
  await until('one archive and one version are left', async () => {
    const names = (await sourcesOf(app)).map(({ name }) => `es://${name}`)
    return names.length === 1 && names[0] === active?.sourceUrl && app.execution.loaded.size === 1
  })
  t.is((await run(app)).status, 200)
})

test('an update that is refused leaves no code behind', async t => {
  const app = await createReady(t)
  t.is((await app.call('PUT', url, { ...body(), name: 'other' })).status, 400)
  await app.call('DELETE', url)
  await until('it is gone', async () => (await app.call('PUT', url, body())).status === 404)
  await until('no archive is left', async () => (await sourcesOf(app)).length === 0)
  t.pass()
})

test('deleting hides runs at once, and removes them and the code after the calls that are under way', async t => {
  const gate = Promise.withResolvers<void>()
  t.teardown(() => gate.resolve())
  let calls = 0
  const app = await createReady(t, async ({ payloadJson }, revision) => {
    calls += 1
    if (calls > 1) await gate.promise
    await tryCode(revision)
    return answer(payloadJson)
  })
  const ended = await run(app)
  const held = run(app)
  await until('the call is under way', async () => calls === 2)
  await app.call('DELETE', url)
  t.is((await app.call('GET', url)).status, 404)
  t.deepEqual((await app.call('GET', '/v1/runs')).body, [])
  t.is((await app.call('GET', `/v1/runs/${ended.body.name}`)).status, 404)
  t.is((await run(app)).status, 404)
  await createAnother(app)
  gate.resolve()
  t.is((await held).body.status, 'READY')
  await until('the function is gone', async () => (await entityOf(app)) === undefined)
  t.deepEqual(await sourcesOf(app), [])
  t.deepEqual((await app.call('GET', '/v1/runs?functionName=fn')).body, [])
  t.is(app.execution.loaded.size, 0)
  t.is((await app.call('POST', '/v1/function', body())).status, 201)
})

test('the code of another function cannot be had by its URL', async t => {
  const app = await createReady(t)
  const sourceURL = (await entityOf(app))?.active?.sourceUrl
  await app.call('POST', '/v1/function', { name: 'thief', image: 'python3', sourceURL })
  t.regex((await app.reach('/v1/function/thief', 'ERROR')).body.reason[0], /source .* not found/)
  t.is((await run(app)).status, 200)
})
