/** Defects of the original, each with a test of its name; which test holds off which one is in defects.ts. */
import { readFileSync } from 'node:fs'
import test, { type ExecutionContext } from 'ava'
import type { FunctionEntity } from '../../server/functions/schema.ts'
import { createMemoryStore } from '../../server/store/memory.ts'
import { loadCapture } from '../helpers/captures.ts'
import { createTestApp, seed, type TestApp } from '../helpers/test-app.ts'
import { until } from '../helpers/wait.ts'
import { defects } from './defects.ts'

const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '{}')
const fn = { name: 'fn', image: 'python3', source }
const execute = '/v1/runs?functionName=fn'

test('every defect has its tests, or waits for work that is named', t => {
  for (const { of, original, tests = [], later } of defects) {
    t.true(tests.length > 0 || later !== undefined, `${of}: ${original}`)
    for (const [file, title] of tests) {
      const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').replaceAll("\\'", "'")
      t.true(text.includes(title), `${file} has no test whose title has ${title}`)
    }
  }
})

interface OneOfKind {
  collection: string
  item: string
  body: { name: string }
}

/** One of each kind, made from the examples of the operations. */
async function createAll(t: ExecutionContext): Promise<TestApp & { kinds: OneOfKind[] }> {
  const app = await createTestApp(t)
  const replaced = app.app.operations.filter(({ method }) => method === 'PUT')
  const kinds = replaced.map(({ path, bodySchema }) => {
    const body = bodySchema?.examples?.[0]
    return { collection: path.replace(/\/\{.*/, ''), item: path.replace(/\{.*/, body.name), body }
  })
  for (const { collection, body } of kinds) t.true((await app.call('POST', collection, body)).status < 300, collection)
  t.is(kinds.length, 8)
  return { ...app, kinds }
}

async function createReady(t: ExecutionContext, fields: object = {}): Promise<TestApp> {
  const app = await createTestApp(t)
  await seed(app)
  await app.call('POST', '/v1/function', { ...fn, ...fields })
  await app.reach('/v1/function/fn', 'READY')
  return app
}

test('defect "other organizations are listed": every list holds those of its own', async t => {
  const { call, kinds } = await createAll(t)
  for (const { collection, item } of kinds) {
    const other = { 'x-dispatch-org': 'other' }
    t.deepEqual((await call('GET', collection, undefined, other)).body, [], collection)
    t.is((await call('GET', item, undefined, other)).status, 404, item)
    t.is((await call('GET', collection)).body.length, 1, collection)
  }
})

test('defect "any credential is accepted": an empty one is none, whatever is asked', async t => {
  const { app, call } = await createTestApp(t)
  for (const { method, path, authenticated } of app.operations.filter(operation => operation.authenticated)) {
    t.true(authenticated)
    const url = path.replace(/\{\w+\}/g, 'x')
    t.is((await call(method, url, undefined, { cookie: '', authorization: '' })).status, 401, `${method} ${url}`)
    t.not((await call(method, url, undefined, { cookie: '', authorization: 'x' })).body.code, 401, `${method} ${url}`)
  }
})

test('defect "PUT with another name is a 500": it is the fault of the caller, and changes nothing', async t => {
  const { call, kinds } = await createAll(t)
  for (const { item, body } of kinds) {
    const answer = await call('PUT', item, { ...body, name: 'other' })
    t.is(answer.status, 400, item)
    t.is(answer.body.message, `name other in body differs from ${body.name} in path: a name cannot be changed`)
  }
})

test('defect "no body crashes the request": it is said to be missing', async t => {
  const { app, call } = await createTestApp(t)
  const withBody = app.operations.filter(({ bodySchema, bodyOptional }) => bodySchema && !bodyOptional)
  for (const { method, path } of withBody) {
    const { status, body } = await call(method, path.replace(/\{\w+\}/g, 'x'))
    t.deepEqual([status, body], [422, { code: 602, message: 'body in body is required' }], `${method} ${path}`)
  }
})

test('defect "an image without a name crashes the request": its name is said to be missing', async t => {
  const { call, kinds } = await createAll(t)
  for (const [method, url] of [
    ['POST', '/v1/image'],
    ['PUT', kinds.find(({ collection }) => collection === '/v1/image')?.item ?? ''],
  ] as const) {
    const { status, body } = await call(method, url, { baseImageName: 'python3-base' })
    t.deepEqual([status, body], [422, { code: 602, message: 'name in body is required' }])
  }
})

test('defect "Accept without JSON": the answer says that it is JSON', async t => {
  const { call, kinds } = await createAll(t)
  for (const { collection, item } of kinds) {
    for (const url of [collection, item, `${item}x`]) {
      const { headers } = await call('GET', url, undefined, { accept: 'text/html' })
      t.is(headers['content-type'], 'application/json', url)
    }
  }
})

test('defect "the reason stays": what has recovered has none', async t => {
  const { call, reach, docker } = await createTestApp(t)
  const body = { name: 'own', dockerUrl: 'own:1', language: 'python3' }
  await call('POST', '/v1/baseimage', body)
  t.is((await reach('/v1/baseimage/own', 'ERROR')).body.reason.length, 1)
  const runtime = await docker.findImage('dispatch-solo/python3:test')
  docker.addImage('own:1', runtime?.labels)
  t.is((await call('PUT', '/v1/baseimage/own', body)).body.reason, null)
  t.is((await reach('/v1/baseimage/own', 'READY')).body.reason, null)
})

test('defect "an update removes the Docker image": those that share it keep it', async t => {
  const { call, reach, docker } = await createReady(t)
  const before = await docker.findImage('dispatch-solo/python3:test')
  const body = { name: 'python3-base', dockerUrl: 'dispatchframework/nodejs-base:1', language: 'nodejs' }
  t.is((await call('PUT', '/v1/baseimage/python3-base', body)).status, 200)
  await reach('/v1/baseimage/python3-base', 'READY')
  t.is((await docker.findImage('dispatch-solo/python3:test'))?.id, before?.id)
  t.is((await call('POST', execute, { blocking: true, input: 1 })).body.output, 1)
})

test('defect "a deletion shows a stale status": it says DELETING', async t => {
  const { call, kinds } = await createAll(t)
  const statuses: Record<string, unknown> = {}
  for (const { collection, item } of kinds) statuses[collection] = (await call('DELETE', item)).body?.status
  t.deepEqual(statuses, {
    '/v1/baseimage': 'DELETING',
    '/v1/image': 'DELETED',
    '/v1/function': 'DELETING',
    '/v1/secret': undefined,
    '/v1/api': 'DELETING',
    '/v1/event/subscriptions': 'DELETING',
    '/v1/event/drivertypes': undefined,
    '/v1/event/drivers': 'DELETING',
  })
})

test('defect "nobody is told that an image has gone": its functions go on, and say so until it is there again', async t => {
  const { call, reach } = await createReady(t)
  const reasonIs = (expected: RegExp | null) =>
    until(`the reason is ${expected}`, async () => {
      const { status, reason } = (await call('GET', '/v1/function/fn')).body
      return status === 'READY' && (expected ? expected.test(reason) : reason === null)
    })
  const image = (await call('DELETE', '/v1/image/python3')).body
  t.is(image.status, 'DELETED')
  await reasonIs(/^image python3 was deleted: /)
  t.is((await call('POST', execute, { blocking: true, input: 1 })).body.output, 1)
  await call('POST', '/v1/image', { name: 'python3', baseImageName: 'python3-base' })
  await reach('/v1/image/python3', 'READY')
  await reasonIs(null)
})

test('defect "repeated deletions race": each is answered, and the function is cleared away once', async t => {
  const { call, store } = await createReady(t)
  const answers = await Promise.all(Array.from({ length: 10 }, () => call('DELETE', '/v1/function/fn')))
  t.true(answers.every(({ status }) => status === 200 || status === 404))
  t.is(answers[0]?.status, 200)
  await until('it is cleared away', async () => (await store.collection('Function').list()).length === 0)
  t.deepEqual(await store.collection('Source').list(), [])
})

test('defect "CREATING for ever": what a crash interrupted goes on at the next start', async t => {
  const store = createMemoryStore()
  const first = await createTestApp(t, {}, { store })
  await first.call('POST', '/v1/function', fn)
  await first.reach('/v1/function/fn', 'ERROR')
  await first.app.drain()
  const functions = store.collection<FunctionEntity>('Function')
  const interrupted = await functions.get('dispatch', 'fn')
  if (!interrupted) return t.fail()
  await functions.update({ ...interrupted, status: 'CREATING', reason: null })
  const second = await createTestApp(t, {}, { store })
  await seed(second)
  t.is((await second.reach('/v1/function/fn', 'READY')).body.reason, null)
})

test('defect "404 for not READY": the text says why, under the status that clients know', async t => {
  const { call, reach } = await createTestApp(t)
  await call('POST', '/v1/function', fn)
  await reach('/v1/function/fn', 'ERROR')
  const { status, body } = await call('POST', execute, {})
  t.deepEqual([status, body], [404, { code: 404, message: 'function fn is not READY' }])
})

test('defect "numbers are rejected" where the schema asks for none', async t => {
  const { call } = await createReady(t, { schema: { in: { type: 'object', properties: { z: {} } }, out: {} } })
  const { body } = await call('POST', execute, { blocking: true, input: { z: 1.5, more: 1 } })
  t.deepEqual([body.status, body.output], ['READY', { z: 1.5, more: 1 }])
})

test('defect "finished in 1754": only what has ended has an end, also when it failed', async t => {
  const { call } = await createReady(t, { schema: { in: { type: 'string' } } })
  t.false('finishedTime' in (await call('POST', execute, { input: 'x' })).body)
  const failed = (await call('POST', execute, { blocking: true, input: 1 })).body
  t.is(failed.status, 'ERROR')
  t.true(failed.finishedTime >= failed.executedTime)
})

test('defect "the stack of the server": errors that are not of the function have none', async t => {
  const { call } = await createReady(t, { schema: { in: { type: 'string' } } })
  for (const body of [{ input: 1 }, { input: 'x', secrets: ['nope'] }]) {
    const { error } = (await call('POST', execute, { blocking: true, ...body })).body
    t.is(error.type, 'InputError')
    t.is(error.stacktrace, null)
  }
})

test('defect "a run without a name": the 404 names it', async t => {
  const { call } = await createTestApp(t)
  const name = '01a20d76-6e31-7986-b2b7-4c460a224a6e'
  t.is((await call('GET', `/v1/runs/${name}`)).body.message, `function run ${name} not found`)
})

test('defect "health is always well": it is not while Docker is away, and says why', async t => {
  const { call, docker } = await createTestApp(t)
  t.is((await call('GET', '/healthz')).status, 200)
  docker.down = true
  const { status, body } = await call('GET', '/healthz')
  t.is(status, 503)
  t.regex(body.docker, /Docker/)
  t.truthy(body.version.version)
})
