/** Secrets on their way to functions: which ones, when, and what happens when one is missing. */
import test, { type ExecutionContext } from 'ava'
import { loadCapture } from '../../../helpers/captures.ts'
import { createTestApp, seed, type TestApp } from '../../../helpers/test-app.ts'

const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '{}')
const run = '/v1/runs?functionName=fn'

async function withFunction(t: ExecutionContext, secrets: string[]): Promise<TestApp> {
  const app = await createTestApp(t)
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source, secrets })
  await app.reach('/v1/function/fn', 'READY')
  return app
}

const lastSecrets = ({ execution }: TestApp) => JSON.parse(execution.invocations.at(-1)?.contextJson ?? '{}').secrets

test('a function gets its own secrets and those of the run, merged; of equal keys the later secret’s', async t => {
  const app = await withFunction(t, ['one', 'two'])
  await app.call('POST', '/v1/secret', { name: 'one', secrets: { a: '1', b: '1', c: '1' } })
  await app.call('POST', '/v1/secret', { name: 'two', secrets: { b: '2', c: '2' } })
  await app.call('POST', '/v1/secret', { name: 'three', secrets: JSON.parse('{"c":"3","__proto__":"own"}') })
  await app.call('POST', run, { blocking: true, secrets: ['three'] })
  t.deepEqual(
    Object.entries(lastSecrets(app)).sort(),
    Object.entries(JSON.parse('{"a":"1","b":"2","c":"3","__proto__":"own"}')).sort(),
  )
})

test('a changed secret is in the next run, without building the function again', async t => {
  const app = await withFunction(t, ['one'])
  await app.call('POST', '/v1/secret', { name: 'one', secrets: { a: 'old' } })
  const { body: before } = await app.call('POST', run, { blocking: true })
  await app.call('PUT', '/v1/secret/one', { name: 'one', secrets: { a: 'new' } })
  const { body: after } = await app.call('POST', run, { blocking: true })
  t.deepEqual(lastSecrets(app), { a: 'new' })
  t.is(after.faasId, before.faasId)
})

test('a missing secret is the caller’s fault: the function is not called, and the run says which one', async t => {
  const app = await withFunction(t, ['one', 'gone'])
  await app.call('POST', '/v1/secret', { name: 'one', secrets: { a: '1' } })
  const { status, body } = await app.call('POST', run, { blocking: true })
  const cause = 'failed to get secrets from secret store: [Code: 404] secret gone not found'
  t.deepEqual([status, body.status], [200, 'ERROR'])
  t.deepEqual(body.error, {
    type: 'InputError',
    message: `error when retrieving secrets from secret store: ${cause}`,
    stacktrace: null,
  })
  t.deepEqual(app.execution.invocations, [])
})

test('a secret of another organization is a missing one', async t => {
  const app = await withFunction(t, ['one'])
  await app.call('POST', '/v1/secret', { name: 'one', secrets: { a: '1' } }, { 'x-dispatch-org': 'other' })
  t.is((await app.call('POST', run, { blocking: true })).body.error.type, 'InputError')
})

test('a recorded run holds the names of its secrets, not their values', async t => {
  const app = await withFunction(t, ['one'])
  await app.call('POST', '/v1/secret', { name: 'one', secrets: { password: 'OpenSesame' } })
  await app.call('POST', run, { blocking: true, input: {} })
  const { text, body } = await app.call('GET', '/v1/runs')
  t.deepEqual(body[0].secrets, ['one'])
  t.notRegex(text, /OpenSesame/)
})
