/** Defects of the original about functions and runs, each with a test of its name; the table of all is defects.ts. */
import test, { type ExecutionContext } from 'ava'
import type { FunctionEntity } from '../../server/functions/schema.ts'
import { createMemoryStore } from '../../server/store/memory.ts'
import { loadCapture } from '../helpers/captures.ts'
import { createTestApp, seed, type TestApp } from '../helpers/test-app.ts'
import { until } from '../helpers/wait.ts'

const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '{}')
const fn = { name: 'fn', image: 'python3', source }
const execute = '/v1/runs?functionName=fn'

async function createReady(t: ExecutionContext, fields: object = {}): Promise<TestApp> {
  const app = await createTestApp(t)
  await seed(app)
  await app.call('POST', '/v1/function', { ...fn, ...fields })
  await app.reach('/v1/function/fn', 'READY')
  return app
}

test('defect "an update removes the Docker image": those that share it keep it', async t => {
  const { call, reach, docker } = await createReady(t)
  const before = await docker.findImage('dispatch-solo/python3:test')
  const body = { name: 'python3-base', dockerUrl: 'dispatchframework/nodejs-base:1', language: 'nodejs' }
  t.is((await call('PUT', '/v1/baseimage/python3-base', body)).status, 200)
  await reach('/v1/baseimage/python3-base', 'READY')
  t.is((await docker.findImage('dispatch-solo/python3:test'))?.id, before?.id)
  t.is((await call('POST', execute, { blocking: true, input: 1 })).body.output, 1)
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
