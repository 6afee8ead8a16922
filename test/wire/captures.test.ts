/** Recorded requests of existing clients get the answers that were recorded, but for the defects that we do not repeat. */
import test from 'ava'
import { loadCapture } from '../helpers/captures.ts'
import { answer, type Script } from '../helpers/fake-execution.ts'
import { replay } from '../helpers/replay.ts'
import { createTestApp, seed } from '../helpers/test-app.ts'

const hello: Script = ({ payloadJson }) => {
  const { name = 'Noone', place = 'Nowhere' } = JSON.parse(payloadJson)
  return answer(JSON.stringify({ myField: `Hello, ${name} from ${place}` }))
}
const traceback = JSON.parse(loadCapture('056')[0]?.answer.body ?? '').error.stacktrace
const raise: Script = () => ({
  ok: false,
  error: { type: 'FunctionError', message: 'boom', stacktrace: traceback },
  logs: { stdout: null, stderr: null },
})

const createFunction = (name: string, image: string, handler = '') => ({ name, image, handler, source: loadSource() })
const loadSource = (): string => JSON.parse(loadCapture('027')[0]?.request.body ?? '').source

const inEmptyInstance = ['002', '014', '016', '116', '117', '119', '136', '159', '169']
for (const number of inEmptyInstance) {
  test(`capture ${number} on an empty instance`, async t => {
    await replay(t, await createTestApp(t), { number })
  })
}

test('captures 004 to 012: a base image and an image come into being', async t => {
  const app = await createTestApp(t)
  await replay(t, app, { number: '004' })
  await app.reach('/v1/baseimage/python3-base', 'READY')
  for (const number of ['006', '007', '009', '011']) await replay(t, app, { number })
  await app.reach('/v1/image/python3', 'READY')
  await replay(t, app, { number: '012' })
  await replay(t, app, { number: '019' })
})

test('captures 027 to 044: a function is created, executed and listed', async t => {
  const app = await createTestApp(t, { 'hello-world': hello })
  await seed(app)
  await replay(t, app, { number: '027' })
  await app.reach('/v1/function/hello-world', 'READY')
  for (const number of ['031', '034', '121', '036', '122']) await replay(t, app, { number })
})

test('captures 049 to 061: duplicates, missing images, failing and unloadable functions', async t => {
  const app = await createTestApp(t, { raise })
  await seed(app)
  await app.call('POST', '/v1/function', createFunction('hello-js', 'nodejs'))
  await replay(t, app, { number: '049' })
  await app.call('POST', '/v1/function', createFunction('noimg', 'nope'))
  await app.reach('/v1/function/noimg', 'ERROR')
  await replay(t, app, { number: '051' })
  await replay(t, app, { number: '052' })
  await app.call('POST', '/v1/function', createFunction('raise', 'python3'))
  await app.reach('/v1/function/raise', 'READY')
  await replay(t, app, { number: '056' })
  await replay(t, app, { number: '126' })
  await app.call('POST', '/v1/function', createFunction('badhandler', 'python3', 'missing.handle'))
  const failed = await app.reach('/v1/function/badhandler', 'ERROR')
  t.is(failed.body.reason.length, 1)
  await replay(t, app, { number: '061' })
})

test('the version, which the original did not serve, is a full version object without credentials', async t => {
  const { call } = await createTestApp(t)
  const { status, body } = await call('GET', '/v1/version', undefined, { cookie: '', 'x-dispatch-org': '' })
  t.is(status, 200)
  t.deepEqual(Object.keys(body).sort(), ['buildDate', 'commit', 'compiler', 'goVersion', 'platform', 'version'])
})
