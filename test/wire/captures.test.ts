/** Recorded requests of existing clients get the answers that were recorded, but for the defects that we do not repeat. */
import test from 'ava'
import { comparable, loadCapture, withoutFinishedTime } from '../helpers/captures.ts'
import { answer, type Script } from '../helpers/fake-execution.ts'
import { createTestApp, seed, type TestApp } from '../helpers/test-app.ts'

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

async function replay(t: import('ava').ExecutionContext, app: TestApp, number: string): Promise<void> {
  for (const { request, answer: expected } of loadCapture(number)) {
    const { 'content-length': _, 'transfer-encoding': __, host: ___, ...headers } = request.headers
    const payload = request.body === '' ? {} : { payload: request.body }
    const response = await app.app.api.inject({
      method: request.method as 'GET',
      url: request.url,
      headers,
      ...payload,
    })
    t.is(response.statusCode, expected.status, `${number}: status`)
    t.is(response.headers['content-type'], expected.headers['content-type'], `${number}: content type`)
    const body = expected.body.includes('"finishedTime":-') ? withoutFinishedTime(response.body) : response.body
    t.deepEqual(comparable(body), comparable(expected.body), `${number}: ${request.startLine}`)
  }
}

const inEmptyInstance = ['002', '014', '016', '116', '117', '119', '136', '137']
for (const number of inEmptyInstance) {
  test(`capture ${number} on an empty instance`, async t => {
    await replay(t, await createTestApp(t), number)
  })
}

test('captures 004 to 012: a base image and an image come into being', async t => {
  const app = await createTestApp(t)
  await replay(t, app, '004')
  await app.reach('/v1/baseimage/python3-base', 'READY')
  for (const number of ['006', '007', '009', '011']) await replay(t, app, number)
  await app.reach('/v1/image/python3', 'READY')
  await replay(t, app, '012')
  await replay(t, app, '019')
})

test('captures 027 to 044: a function is created, executed and listed', async t => {
  const app = await createTestApp(t, { 'hello-world': hello })
  await seed(app)
  await replay(t, app, '027')
  await app.reach('/v1/function/hello-world', 'READY')
  for (const number of ['031', '034', '121', '036', '122']) await replay(t, app, number)
})

test('captures 049 to 061: duplicates, missing images, failing and unloadable functions', async t => {
  const app = await createTestApp(t, { raise })
  await seed(app)
  await app.call('POST', '/v1/function', createFunction('hello-js', 'nodejs'))
  await replay(t, app, '049')
  await app.call('POST', '/v1/function', createFunction('noimg', 'nope'))
  await app.reach('/v1/function/noimg', 'ERROR')
  await replay(t, app, '051')
  await replay(t, app, '052')
  await app.call('POST', '/v1/function', createFunction('raise', 'python3'))
  await app.reach('/v1/function/raise', 'READY')
  await replay(t, app, '056')
  await replay(t, app, '126')
  await app.call('POST', '/v1/function', createFunction('badhandler', 'python3', 'missing.handle'))
  const failed = await app.reach('/v1/function/badhandler', 'ERROR')
  t.is(failed.body.reason.length, 1)
  await replay(t, app, '061')
})

test('the version, which the original did not serve, is a full version object without credentials', async t => {
  const { call } = await createTestApp(t)
  const { status, body } = await call('GET', '/v1/version', undefined, { cookie: '', 'x-dispatch-org': '' })
  t.is(status, 200)
  t.deepEqual(Object.keys(body).sort(), ['buildDate', 'commit', 'compiler', 'goVersion', 'platform', 'version'])
})
