/** Accepting and draining: what was answered is recorded, and nothing that was accepted is left behind. */
import test, { type ExecutionContext } from 'ava'
import { answer, type Script } from '../../../helpers/fake-execution.ts'
import { createTestApp, seed, type TestApp } from '../../../helpers/test-app.ts'
import { until } from '../../../helpers/wait.ts'

const source =
  'H4sIAAAAAAACA+3NsQqDQBCE4a19ii0NBFnJxcK3OXInFiLHRYu8fQ4bwT4S8P+aGaaZoUkf+TErOue2LI5p9nB73/bu6VpRkxOs78XncinXFOKgo5/DFOvXPd36SjXHZc2zpkoAAAAAAAAAAAAAAAAAAH/rC7KMCE8AKAAA'

/** A function `fn` whose calls wait for `release`. */
async function prepare(t: ExecutionContext): Promise<TestApp & { release: () => void }> {
  const gate = Promise.withResolvers<void>()
  const script: Script = async ({ payloadJson }) => {
    await gate.promise
    return answer(payloadJson)
  }
  const app = await createTestApp(t, { fn: script })
  t.teardown(() => gate.resolve())
  await seed(app)
  await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await app.reach('/v1/function/fn', 'READY')
  return { ...app, release: () => gate.resolve() }
}

const url = '/v1/runs?functionName=fn'

test('draining refuses new runs and waits for both kinds that are under way', async t => {
  const { app, call, execution, release } = await prepare(t)
  const blocking = call('POST', url, { blocking: true, input: 1 })
  const accepted = await call('POST', url, { input: 2 })
  t.is(accepted.status, 202)
  await until('it has its turn', async () => execution.invocations.length === 2)
  let drained = false
  const draining = app.drain().then(() => {
    drained = true
  })
  const refused = await call('POST', url, { blocking: true })
  t.deepEqual([refused.status, refused.body.message], [503, 'the server is shutting down; try again in a moment'])
  t.false(drained)
  release()
  await draining
  t.is((await blocking).body.output, 1)
  t.like((await call('GET', `/v1/runs/${accepted.body.name}`)).body, { status: 'READY', output: 2 })
})

test('what was accepted is found before it has ended, and lists newest first', async t => {
  const { call } = await prepare(t)
  const first = await call('POST', url, { input: 1.5 })
  const second = await call('POST', url, {})
  t.like(first.body, { status: 'INITIALIZED', input: 1.5 })
  const found = (await call('GET', `/v1/runs/${first.body.name}`)).body
  t.true(['INITIALIZED', 'CREATING'].includes(found.status))
  t.is(found.input, 1.5)
  const listed = (await call('GET', url)).body.map(({ name }: { name: string }) => name)
  t.deepEqual(listed, [second.body.name, first.body.name])
})

test('numbers stay as written, also when something follows the body or a key comes twice', async t => {
  const { call, release } = await prepare(t)
  release()
  for (const body of ['{"blocking":true,"input":1.0} x', '{"input":2,"blocking":true,"input":1.0}']) {
    const { status, text } = await call('POST', url, body)
    t.is(status, 200, text)
    t.true(text.includes('"input":1.0') && text.includes('"output":1.0'), text)
  }
})

test('hostile nesting is the fault of the caller', async t => {
  const { call } = await prepare(t)
  const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  for (const body of [`{"input":${nested}}`, `{"event":{"x":${nested}}}`])
    t.is((await call('POST', url, body)).status, 400)
})
