/** What APIs may say of their answers: made whole by the function, packed, later, limited in size and time, traced. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import test, { type ExecutionContext } from 'ava'
import { answer, type Script } from '../helpers/fake-execution.ts'
import { type OpenGateway, openGateway } from '../helpers/gateway.ts'

/** A function that answers with the JSON of its input, and an API for it. */
async function open(t: ExecutionContext, fields: object = {}, script?: Script): Promise<OpenGateway> {
  const gateway = await openGateway(t, { f: script ?? (({ payloadJson }) => answer(payloadJson)) })
  await gateway.createFunction('f')
  await gateway.createApi({ name: 'a', function: 'f', uris: ['/x'], ...fields })
  return gateway
}

const json = { 'content-type': 'application/json' }
const raw = (t: ExecutionContext, output: string) => open(t, { response: 'raw' }, () => answer(output))

test('cookies of a raw answer may stand among its headers and in its list: all are sent', async t => {
  const output = { headers: { 'Set-Cookie': ['a=1', 'b=2'] }, cookies: ['c=3'] }
  const { send } = await raw(t, JSON.stringify(output))
  t.deepEqual((await send('GET', '/dispatch/x')).headers['set-cookie'], ['a=1', 'b=2', 'c=3'])
})

test('a raw answer has the status, the headers, the cookies and the body that its function says', async t => {
  const output = {
    statusCode: 201,
    headers: {
      'Content-Type': 'text/csv',
      'X-A': 1,
      'x-list': ['a', 'b'],
      'Content-Length': '999',
      Connection: 'upgrade',
    },
    cookies: ['a=1; Path=/', 'b=2'],
    body: 'ä,b\n',
  }
  const { send } = await raw(t, JSON.stringify(output))
  const got = await send('GET', '/dispatch/x')
  t.like(got, { status: 201, text: 'ä,b\n' })
  t.like(got.headers, { 'content-type': 'text/csv', 'x-a': '1', 'x-list': 'a, b', 'content-length': '5' })
  t.deepEqual(got.headers['set-cookie'], ['a=1; Path=/', 'b=2'])
  t.not(got.headers.connection, 'upgrade')
})

for (const [output, status, type, text] of [
  ['{"body":"a"}', 200, 'text/plain; charset=utf-8', 'a'],
  ['{"body":{"n":12345678901234567890}}', 200, 'application/json', '{"n":12345678901234567890}'],
  ['{"body":0}', 200, 'application/json', '0'],
  ['{"body":"aMOk","isBase64Encoded":true}', 200, 'application/octet-stream', 'hä'],
  ['{"statusCode":302,"headers":{"location":"/y"}}', 302, undefined, ''],
  ['{"statusCode":204,"body":"never sent"}', 204, 'text/plain; charset=utf-8', ''],
  ['{}', 200, undefined, ''],
] as const) {
  test(`raw ${output} is answered by ${status} and ${JSON.stringify(text)}`, async t => {
    const { send } = await raw(t, output)
    const got = await send('GET', '/dispatch/x')
    t.like(got, { status, text })
    t.is(got.headers['content-type'], type)
    t.is(got.headers['content-length'], status === 204 ? undefined : String(Buffer.byteLength(text)))
  })
}

for (const [output, cause] of [
  ['null', 'it is no object with statusCode, headers or body'],
  ['[]', 'it is no object with statusCode, headers or body'],
  ['{"statusCode":101}', 'its statusCode is 101, not one from 200 to 599'],
  ['{"statusCode":"200"}', 'its statusCode is "200", not one from 200 to 599'],
  ['{"headers":[]}', 'its headers are no object'],
  ['{"headers":{"a":{}}}', 'its header "a" is neither a text nor a list of texts'],
  ['{"headers":{"a":"b\\r\\nset-cookie: c"}}', /^Invalid character in header content \["a"\]$/],
  ['{"headers":{"a b":"c"}}', /^Header name must be a valid HTTP token \["a b"\]$/],
  ['{"cookies":"a=1"}', 'its cookies are no list of texts'],
  ['{"cookies":["a=1\\nb"]}', /^Invalid character in header content/],
  ['{"body":"%","isBase64Encoded":true}', 'its body is no base64, as isBase64Encoded says'],
  ['{"isBase64Encoded":1}', 'its isBase64Encoded is neither true nor false'],
] as const) {
  test(`raw ${output} cannot be sent: 502 that says why`, async t => {
    const { send } = await raw(t, output)
    const got = await send('GET', '/dispatch/x')
    t.is(got.status, 502)
    const begin = 'the function gave what is no HTTP answer: '
    const { message } = JSON.parse(got.text)
    t.true(message.startsWith(begin))
    if (typeof cause === 'string') t.is(message.slice(begin.length), cause)
    else t.regex(message.slice(begin.length), cause)
  })
}

test('a raw API tells of a failed function as any other', async t => {
  const logs = { stdout: null, stderr: null }
  const error = { type: 'FunctionError', message: 'boom', stacktrace: null } as const
  const { send } = await open(t, { response: 'raw' }, () => ({ ok: false, error, logs }))
  t.like(await send('GET', '/dispatch/x'), { status: 502, text: '{"message":"boom"}\n' })
})

const long = JSON.stringify('x'.repeat(5000))

for (const [accepted, coding] of [
  ['gzip, deflate, br', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip;q=0.5', 'gzip'],
  ['gzip;q=0', undefined],
  ['identity', undefined],
  [undefined, undefined],
] as const) {
  test(`a long answer to who accepts ${accepted} is packed by ${coding}`, async t => {
    const { send } = await open(t)
    const headers = { ...json, ...(accepted !== undefined && { 'accept-encoding': accepted }) }
    const got = await send('POST', '/dispatch/x', { headers, body: long })
    t.is(got.headers['content-encoding'], coding)
    t.is(got.headers.vary, 'accept-encoding')
    t.is(got.headers['content-length'], String(got.bytes.length))
    const unpack = coding && { br: brotliDecompressSync, gzip: gunzipSync }[coding]
    t.is(String(unpack ? unpack(got.bytes) : got.bytes), `${long}\n`)
  })
}

for (const [title, output] of [
  ['short', { body: 'x' }],
  ['an image', { headers: { 'content-type': 'image/png' }, body: 'x'.repeat(5000) }],
  [
    'packed by the function',
    { headers: { 'content-type': 'text/css', 'content-encoding': 'x' }, body: 'x'.repeat(5000) },
  ],
  ['tagged', { headers: { 'content-type': 'text/css', etag: '"1"' }, body: 'x'.repeat(5000) }],
] as const) {
  test(`an answer that is ${title} stays as it is`, async t => {
    const { send } = await raw(t, JSON.stringify(output))
    const got = await send('GET', '/dispatch/x', { headers: { 'accept-encoding': 'gzip, br' } })
    t.is(got.text, output.body)
  })
}

test('Prefer: respond-async is answered by 202 and the run, which is executed', async t => {
  const { send, reach } = await open(t)
  const got = await send('POST', '/dispatch/x', { headers: { ...json, prefer: 'wait=1, respond-async' }, body: '7' })
  t.like(got, { status: 202, headers: { 'preference-applied': 'respond-async', 'content-type': 'application/json' } })
  t.like((await reach(`/v1/runs/${JSON.parse(got.text).run}`, 'READY')).body, { output: 7 })
  const old = { ...json, prefer: 'respond-async', 'x-dispatch-blocking': 'false' }
  t.like(await send('POST', '/dispatch/x', { headers: old, body: '7' }), { status: 200, text: '' })
  t.like(await send('POST', '/dispatch/x', { headers: { ...json, prefer: 'no-respond-async' }, body: '7' }), {
    text: '7\n',
  })
})

test('the largest body of an API is its own', async t => {
  const { send } = await open(t, { maxBodyBytes: 10 })
  t.is((await send('POST', '/dispatch/x', { headers: json, body: '1234567890' })).status, 200)
  t.is((await send('POST', '/dispatch/x', { headers: json, body: '12345678901' })).status, 413)
})

test('the time of a call is the shorter one of its API and its function, and none for who does not wait', async t => {
  const { send, call, reach, execution } = await open(t, { timeout: 2000 })
  const leftMs = () => (execution.invocations.at(-1)?.deadlineMs ?? Number.POSITIVE_INFINITY) - Date.now()
  await send('GET', '/dispatch/x')
  t.true(leftMs() <= 2000)
  const { body: runs } = await call('GET', '/v1/runs')
  await send('GET', '/dispatch/x', { headers: { 'x-dispatch-blocking': 'false' } })
  const [newest] = (await call('GET', '/v1/runs')).body
  t.not(newest.name, runs[0].name)
  await reach(`/v1/runs/${newest.name}`, 'READY')
  t.is(leftMs(), Number.POSITIVE_INFINITY)
})

test('a trace goes on: its parent is told to the function and in the answer; what is none is not', async t => {
  const { send } = await open(t, {}, ({ contextJson }) => answer(contextJson))
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const got = await send('GET', '/dispatch/x', { headers: { traceparent } })
  t.is(got.headers.traceparent, traceparent)
  t.is(JSON.parse(got.text).httpContext.traceparent, traceparent)
  const none = await send('GET', '/dispatch/x', { headers: { traceparent: '00-0-0-01' } })
  t.is(none.headers.traceparent, undefined)
  t.is((await send('GET', '/nope', { headers: { traceparent } })).headers.traceparent, traceparent)
})

test('credentials reach the function, but not the record of the run', async t => {
  const { send, call } = await open(t, {}, ({ contextJson }) => answer(contextJson))
  const secret = { authorization: 'Bearer s3cret', cookie: 'session=s3cret' }
  const { httpContext } = JSON.parse((await send('GET', '/dispatch/x', { headers: { ...secret, 'x-a': 'b' } })).text)
  t.like(httpContext.headers, secret)
  const [run] = (await call('GET', '/v1/runs')).body
  t.like(run.httpContext.headers, { authorization: '********', cookie: '********', 'x-a': 'b' })
})

test('what an API says beside the original is kept, shown, and refused where it cannot be', async t => {
  const { call } = await open(t)
  const fields = { response: 'raw', maxBodyBytes: 10, timeout: 500 }
  const body = { name: 'b', function: 'f', ...fields }
  t.like((await call('POST', '/v1/api', body)).body, fields)
  t.like((await call('GET', '/v1/api/b')).body, fields)
  const { body: plain } = await call('PUT', '/v1/api/b', { name: 'b', function: 'f' })
  for (const name of Object.keys(fields)) t.false(name in plain)
  for (const [field, value, code] of [
    ['response', 'x', 606],
    ['maxBodyBytes', 0, 609],
    ['timeout', 0, 609],
  ] as const)
    t.like(await call('POST', '/v1/api', { ...body, name: 'c', [field]: value }), { status: 422, body: { code } })
})
