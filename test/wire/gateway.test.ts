/** The gateway on the wire: which API answers, what its function gets, and what the client is told. */
import test from 'ava'
import { BusyError, type Outcome, type RunErrorType } from '../../server/core/execution.ts'
import { answer, type Script } from '../helpers/fake-execution.ts'
import { openGateway } from '../helpers/gateway.ts'
import { until } from '../helpers/wait.ts'

const notFound = { status: 404, text: '{"message":"no API found with those values"}\n' }
const contextOf: Script = ({ contextJson }) => answer(contextJson)

test('a request goes to the function of the API that has its path and method; any other is not found', async t => {
  const { app, send, createFunction, createApi } = await openGateway(t, { f: () => answer('1'), g: () => answer('2') })
  for (const name of ['f', 'g']) await createFunction(name)
  await createApi({ name: 'a', function: 'f', uris: ['/x', '/x y'], methods: ['get'] })
  await createApi({ name: 'b', function: 'g', uris: ['/x'], methods: ['post', 'put'] })
  await createApi({ name: 'c', function: 'g', uris: ['/off'], enabled: false })
  t.like(await send('GET', '/dispatch/x'), { status: 200, text: '1\n' })
  t.like(await send('GET', '/dispatch/x%20y'), { status: 200, text: '1\n' })
  t.like(await send('PUT', '/dispatch/x'), { status: 200, text: '2\n' })
  const { body: metrics } = await app.api.inject({ method: 'GET', url: '/metrics' })
  t.regex(metrics, /^dispatch_gateway_answers_total\{status="200"\} 3$/m)
  t.regex(metrics, /^dispatch_gateway_apis 2$/m)
  for (const [method, path] of [
    ...[
      ['DELETE', '/dispatch/x'],
      ['HEAD', '/dispatch/x'],
      ['GET', '/dispatch/x/'],
      ['GET', '/x'],
      ['GET', '/'],
    ],
    ...[
      ['GET', '/dispatch/off'],
      ['OPTIONS', '/dispatch/nope'],
      ['GET', '/dispatch/X'],
    ],
  ] as const) {
    const got = await send(method, path)
    if (method === 'HEAD') t.is(got.status, 404)
    else t.like(got, notFound, `${method} ${path}`)
  }
})

test('an API of a host answers for that host alone, at its path as it is', async t => {
  const { send, createFunction, createApi } = await openGateway(t, { f: () => answer('1') })
  await createFunction('f')
  await createApi({ name: 'a', function: 'f', hosts: ['shop.example'], uris: ['/x'] })
  await createApi({ name: 'b', function: 'f', hosts: ['*.wild.example'] })
  t.like(await send('GET', '/x', { headers: { host: 'SHOP.example:8081' } }), { status: 200 })
  t.like(await send('POST', '/any/path', { headers: { host: 'a.wild.example' } }), { status: 200 })
  t.like(await send('GET', '/x', { headers: { host: 'other.example' } }), notFound)
  t.like(await send('GET', '/x', { headers: { host: 'wild.example' } }), notFound)
})

test('defect "equal names hide one another": organizations have their own, and run in their own', async t => {
  const { send, call, createFunction, createApi } = await openGateway(t, { f: (_, { org }) => answer(`"${org}"`) })
  for (const org of ['dispatch', 'other']) {
    await createFunction('f', org)
    await createApi({ name: 'a', function: 'f', uris: ['/x'] }, org)
  }
  t.is((await send('GET', '/dispatch/x')).text, '"dispatch"\n')
  t.is((await send('GET', '/other/x', { headers: { 'x-dispatch-org': 'dispatch' } })).text, '"other"\n')
  t.is((await call('GET', '/v1/runs')).body.length, 1)
})

test('defect "a deleted API is served": each change counts with its answer', async t => {
  const { send, call, createFunction, createApi } = await openGateway(t, { f: () => answer('1') })
  await createFunction('f')
  const api = { name: 'a', function: 'f', enabled: true, uris: ['/x'] }
  for (let round = 0; round < 5; round += 1) {
    await createApi(api)
    t.is((await send('GET', '/dispatch/x')).status, 200)
    await call('PUT', '/v1/api/a', { ...api, uris: ['/y'] })
    t.like(await send('GET', '/dispatch/x'), notFound)
    t.is((await send('GET', '/dispatch/y')).status, 200)
    await call('PUT', '/v1/api/a', { ...api, enabled: false })
    t.like(await send('GET', '/dispatch/x'), notFound)
    await call('PUT', '/v1/api/a', api)
    await call('DELETE', '/v1/api/a')
    t.like(await send('GET', '/dispatch/x'), notFound)
  }
})

test('defect "https only runs over http": it is refused, and nothing runs', async t => {
  const { send, call, createFunction, createApi } = await openGateway(t, { f: () => answer('1') })
  await createFunction('f')
  await createApi({ name: 'a', function: 'f', uris: ['/x'], protocols: ['https'], cors: true })
  await createApi({ name: 'b', function: 'f', uris: ['/y'], protocols: ['http'] })
  const refused = await send('POST', '/dispatch/x')
  t.like(refused, { status: 400, text: '{"message":"Please use HTTPS protocol"}\n' })
  t.is(refused.headers['access-control-allow-origin'], undefined)
  t.is((await call('GET', '/v1/runs')).body.length, 0)
  t.is((await send('POST', '/dispatch/y')).status, 200)
})

test('with CORS every further answer lets any page in; OPTIONS calls nothing, with CORS or without', async t => {
  const { send, createFunction, createApi, execution } = await openGateway(t, { f: () => answer('1') })
  await createFunction('f')
  await createApi({ name: 'a', function: 'f', uris: ['/x'], methods: ['post'], cors: true })
  await createApi({ name: 'b', function: 'f', uris: ['/y'], methods: ['post'] })
  const open = {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': '*',
    'access-control-allow-headers': '*',
  }
  t.like(await send('OPTIONS', '/dispatch/x'), { status: 200, text: '', headers: open })
  const plain = await send('OPTIONS', '/dispatch/y')
  t.like(plain, { status: 200, text: '' })
  t.is(plain.headers['access-control-allow-origin'], undefined)
  t.is(execution.invocations.length, 0)
  t.like(await send('POST', '/dispatch/x'), { status: 200, headers: open })
  const sent = { headers: { 'content-type': 'text/plain' }, body: 'x' }
  t.like(await send('POST', '/dispatch/x', sent), { status: 400, headers: open })
  t.is((await send('GET', '/dispatch/x')).headers['access-control-allow-origin'], undefined)
})

const failure = (type: RunErrorType): Outcome => ({
  ok: false,
  error: { type, message: `${type} it is`, stacktrace: null },
  logs: { stdout: null, stderr: null },
})
for (const [type, status] of [
  ['InputError', 400],
  ['FunctionError', 502],
  ['SystemError', 503],
] as const) {
  test(`defect "a failed function is an empty 200": ${type} is ${status} with its message, and its run says so`, async t => {
    const { send, call, createFunction, createApi } = await openGateway(t, { f: () => failure(type) })
    await createFunction('f')
    await createApi({ name: 'a', function: 'f', uris: ['/x'] })
    const got = await send('GET', '/dispatch/x')
    t.like(got, { status, text: `{"message":"${type} it is"}\n` })
    t.is(got.headers['content-type'], 'application/json')
    t.like((await call('GET', '/v1/runs')).body[0], { status: 'ERROR', error: { type } })
  })
}

for (const [output, text] of [
  ['null', ''],
  ['""', ''],
  ['0', '0\n'],
  ['false', 'false\n'],
  ['"text"', '"text"\n'],
  ['[]', '[]\n'],
  ['12345678901234567890', '12345678901234567890\n'],
] as const) {
  test(`the output ${output} is answered by ${JSON.stringify(text)}`, async t => {
    const { send, createFunction, createApi } = await openGateway(t, { f: () => answer(output) })
    await createFunction('f')
    await createApi({ name: 'a', function: 'f', uris: ['/x'] })
    const got = await send('GET', '/dispatch/x')
    t.like(got, { status: 200, text })
    t.is(got.headers['content-type'], text === '' ? undefined : 'application/json')
  })
}

test('a function that is not there, or not READY, is not found', async t => {
  const { send, call, createApi } = await openGateway(t)
  await createApi({ name: 'a', function: 'nope', uris: ['/x'] })
  t.like(await send('GET', '/dispatch/x'), { status: 404, text: '{"message":"function nope not found"}\n' })
  await call('POST', '/v1/function', { name: 'nope', image: 'absent', handler: 'a.b', source: 'eA==' })
  t.like(await send('GET', '/dispatch/x'), { status: 404, text: '{"message":"function nope is not READY"}\n' })
})

test('defect "no headers in the context": the function is told of headers, host, address and request id', async t => {
  const { send, createFunction, createApi } = await openGateway(t, { f: contextOf })
  await createFunction('f')
  await createApi({ name: 'a', function: 'f', uris: ['/users/{id}/*'] })
  const headers = { host: 'h.example:1', 'x-request-id': 'mine.1', 'x-a': 'b', cookie: 'c=1' }
  const got = await send('GET', '/dispatch/users/4%2F2/a/b?q=1', { headers })
  t.is(got.headers['x-request-id'], 'mine.1')
  t.like(JSON.parse(got.text).httpContext, {
    ...{ headers, host: 'h.example', remote_addr: '127.0.0.1', request_id: 'mine.1' },
    params: { id: '4/2', '*': 'a/b' },
    args: 'q=1',
  })
  const odd = await send('GET', '/dispatch/users/1/', { headers: { 'x-request-id': 'a b' } })
  t.regex(String(odd.headers['x-request-id']), /^\w{8}-gw-\d+$/)
})

test('a refusal names the request, and one for too many calls says when to come again', async t => {
  const busy: Script = () => {
    throw new BusyError('9 calls wait', 7)
  }
  const { send, createFunction, createApi } = await openGateway(t, { f: busy })
  await createFunction('f')
  await createApi({ name: 'a', function: 'f', uris: ['/x'] })
  const got = await send('GET', '/dispatch/x')
  t.like(got, { status: 429, text: '{"message":"9 calls wait; try again in 7 s"}\n', headers: { 'retry-after': '7' } })
  t.regex(String(got.headers['x-request-id']), /^\w{8}-gw-\d+$/)
})

test('while the server stops, calls under way are answered, others refused, and connections end', async t => {
  const held = Promise.withResolvers<Outcome>()
  const { app, send, createFunction, createApi, execution } = await openGateway(t, { f: () => held.promise })
  await createFunction('f')
  await createApi({ name: 'a', function: 'f', uris: ['/x'] })
  const underWay = send('GET', '/dispatch/x')
  await until('the call is under way', async () => execution.invocations.length === 1)
  const drained = app.drain()
  t.like(await send('GET', '/dispatch/x'), { status: 503 })
  const closed = app.gateway.close()
  held.resolve(answer('1'))
  const got = await underWay
  t.like(got, { status: 200, text: '1\n', headers: { connection: 'close' } })
  await Promise.all([drained, closed])
  await t.throwsAsync(send('GET', '/dispatch/x'), { code: 'ECONNREFUSED' })
})
