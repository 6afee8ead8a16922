/** CloudEvents 1.0 over HTTP: the JSON format, lists of it, and binary mode, with what each must keep and must refuse. */
import test, { type ExecutionContext } from 'ava'
import { createTestApp } from '../../../helpers/test-app.ts'

const event = (fields: object = {}) => ({
  specversion: '1.0',
  id: '1',
  source: '/sensors/tn-1',
  type: 'com.example.some-event',
  ...fields,
})
const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' }
const batch = { 'content-type': 'application/cloudevents-batch+json' }
const binary = (fields: object = {}) => ({
  'ce-specversion': '1.0',
  'ce-id': '1',
  'ce-source': '/sensors/tn-1',
  'ce-type': 'com.example.some-event',
  'content-type': 'application/json',
  ...fields,
})

async function createStage(t: ExecutionContext) {
  const { call, app } = await createTestApp(t)
  const send = (body: unknown, headers = {}) => call('POST', '/v1/event', body, headers)
  const sendBytes = async (payload: Buffer, headers = {}) => {
    const all = { cookie: 'c', 'x-dispatch-org': 'o', ...headers }
    const { statusCode, body } = await app.api.inject({ method: 'POST', url: '/v1/event', headers: all, payload })
    return { status: statusCode, body: JSON.parse(body) }
  }
  return { send, sendBytes }
}

const whole = event({
  time: '2018-04-05T03:56:24.123456+02:00',
  subject: '123',
  dataschema: 'https://example.com/schema',
  datacontenttype: 'application/json',
  comexampleextension1: 'value',
  number: -7,
  flag: false,
  data: { appinfoA: 'abc', deep: [1, null] },
})

test('an event in the JSON format comes back with every attribute and extension', async t => {
  const { send } = await createStage(t)
  for (const headers of [structured, batch, { 'content-type': 'application/json' }]) {
    const { status, body } = await send(whole, headers)
    t.deepEqual([status, body], [200, whole])
  }
})

test('numbers of the data keep their digits, in either mode', async t => {
  const { send } = await createStage(t)
  const data = '{"n":12345678901234567890,"x":1.0,"e":1e3}'
  const text = JSON.stringify(event({ data: 0 })).replace('"data":0', `"data": ${data}`)
  t.true((await send(text, structured)).text.includes(`"data":${data}`))
  t.true((await send(data, binary())).text.includes(`"data":${data}`))
})

test('null is as good as absent', async t => {
  const { send } = await createStage(t)
  const nulls = { subject: null, time: null, ext: null, data: null, data_base64: null, datacontenttype: null }
  t.deepEqual((await send(event(nulls), structured)).body, event())
})

test('bytes come and go in base64', async t => {
  const { send } = await createStage(t)
  const sent = event({ datacontenttype: 'image/png', data_base64: 'iVBORw0KGgo=' })
  t.deepEqual((await send(sent, structured)).body, sent)
})

test('a list comes back as a list, each event in its own version', async t => {
  const { send } = await createStage(t)
  const old = { eventType: 'a', cloudEventsVersion: '0.1', source: 's', eventID: '1', data: 1.5 }
  const { status, body } = await send([whole, old, event()], batch)
  t.deepEqual([status, body], [200, [whole, { ...old, eventTime: '0001-01-01T00:00:00.000Z' }, event()]])
  t.deepEqual((await send([], batch)).body, [])
  t.deepEqual((await send([event()], batch)).body, [event()])
})

test('a list with one event that is wrong is refused as a whole', async t => {
  const { send } = await createStage(t)
  t.is((await send([event(), event({ id: null })], batch)).body.message, 'id in body is required')
  t.is((await send([event(), event({ 'x-y': 1 })], batch)).status, 400)
  t.is((await send([[event()]], batch)).status, 400)
})

test('in binary mode attributes are headers and the body is the data', async t => {
  const { send } = await createStage(t)
  const headers = binary({ 'ce-time': '2018-04-05T03:56:24Z', 'ce-subject': 's', 'CE-ComExampleExtension1': 'value' })
  const { status, body } = await send('{"message": "Hello World!"}', headers)
  t.is(status, 200)
  t.deepEqual(body, {
    ...event({ time: '2018-04-05T03:56:24Z', subject: 's', comexampleextension1: 'value' }),
    datacontenttype: 'application/json',
    data: { message: 'Hello World!' },
  })
})

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00])
const bodies: [string, string | undefined, Buffer, object][] = [
  ['text', 'text/plain; charset=utf-8', Buffer.from('zwölf'), { data: 'zwölf' }],
  ['XML', 'application/atom+xml', Buffer.from('<a/>'), { data: '<a/>' }],
  ['a form', 'application/x-www-form-urlencoded', Buffer.from('a=1'), { data: 'a=1' }],
  ['JSON of a kind', 'application/vnd.me+json', Buffer.from(' [1, 2] '), { data: [1, 2] }],
  ['bytes', 'image/png', png, { data_base64: png.toString('base64') }],
  ['text that is none', 'text/plain', png, { data_base64: png.toString('base64') }],
  ['text of a type of bytes', 'application/octet-stream', Buffer.from('a'), { data_base64: 'YQ==' }],
  ['nothing', 'image/png', Buffer.alloc(0), {}],
  ['text without a type', undefined, Buffer.from('a'), { data: 'a' }],
]
for (const [title, type, sent, expected] of bodies) {
  test(`a body in binary mode may be ${title}`, async t => {
    const { sendBytes } = await createStage(t)
    const { 'content-type': _, ...headers } = binary()
    const { status, body } = await sendBytes(sent, { ...headers, ...(type && { 'content-type': type }) })
    t.deepEqual([status, body], [200, { ...event(), ...(type && { datacontenttype: type }), ...expected }])
  })
}

const values: [string, string, string][] = [
  ['percent-encoded UTF-8', 'Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀'],
  ['quotes', '"a \\"b\\" \\\\ %22"', 'a "b" \\ "'],
  ['what looks encoded and is not', '100% %zz %', '100% %zz %'],
  ['one round of decoding only', '%2525', '%25'],
  ['bytes that are no UTF-8', '%ff', '\ufffd'],
]
for (const [title, sent, expected] of values) {
  test(`a header may have ${title}`, async t => {
    const { send } = await createStage(t)
    t.is((await send('1', binary({ 'ce-subject': sent }))).body.subject, expected)
  })
}

test('an event in binary mode may come in the other operation too', async t => {
  const { call } = await createTestApp(t)
  const headers = { ...binary(), 'x-dispatch-org': '' }
  t.like(await call('POST', '/v1/event/ingest', '1', headers), { status: 422, body: { code: 602 } })
  t.is((await call('POST', '/v1/event/ingest?authToken=x', '1', headers)).status, 401)
})

test('the type of the body decides between the modes', async t => {
  const { send } = await createStage(t)
  t.is((await send(event({ id: 'body' }), { ...binary({ 'ce-id': 'header' }), ...structured })).body.id, 'body')
  t.is((await send(event(), { 'content-type': 'application/cloudevents+xml' })).status, 415)
  const { status, body } = await send('x', { 'content-type': 'text/plain' })
  t.is(status, 415)
  const allowed = 'application/json application/cloudevents+json application/cloudevents-batch+json'
  t.is(body.message, `unsupported media type "text/plain", only [${allowed}] are allowed`)
})

const missing = (name: string) => `${name} is required`
const refused: [string, object, number, string | RegExp][] = [
  ['no id', { id: undefined }, 422, missing('id in body')],
  ['no source', { source: undefined }, 422, missing('source in body')],
  ['no type', { type: null }, 422, missing('type in body')],
  ['an empty id', { id: '' }, 422, 'id in body should be at least 1 chars long'],
  ['an empty subject', { subject: '' }, 422, 'subject in body should be at least 1 chars long'],
  ['another version', { specversion: '0.3' }, 422, 'specversion in body should be one of [1.0]'],
  ['a type that no subscription can have', { type: 'a b' }, 422, /^type in body should match/],
  ['a number as its id', { id: 1 }, 400, /id must be of type string/],
  ['a time that is none', { time: 'yesterday' }, 400, /time must be of type date-time/],
  ['a relative schema', { dataschema: 'schema' }, 400, /dataschema must be an absolute URI/],
  ['a type of its data that is none', { datacontenttype: 'text' }, 400, /datacontenttype must be a media type/],
  ['data twice', { data: 1, data_base64: 'YQ==' }, 400, /data and data_base64 exclude each other/],
  ['bytes that are none', { data_base64: '!' }, 400, /data_base64 must be of type byte/],
  ['an attribute in upper case', { Data: 1 }, 400, /Data cannot be the name of an attribute/],
  ['an attribute with a dash', { 'a-b': 'c' }, 400, /a-b cannot be the name of an attribute/],
  ['an object as an attribute', { ext: {} }, 400, /attribute ext must be text, true, false, or a whole number/],
  ['an attribute beyond 32 bits', { ext: 2 ** 31 }, 400, /attribute ext must be/],
  ['a fraction as an attribute', { ext: 0.5 }, 400, /attribute ext must be/],
]
for (const [title, fields, expected, message] of refused) {
  test(`an event in the JSON format with ${title} is refused`, async t => {
    const { send } = await createStage(t)
    const { status, body } = await send(event(fields), structured)
    t.is(status, expected)
    if (typeof message === 'string') t.is(body.message, message)
    else t.regex(body.message, message)
  })
}

const refusedHeaders: [string, object, number, RegExp, string?][] = [
  ['no id', { 'ce-id': '' }, 422, /^ce-id in header should be at least 1 chars long$/],
  ['another version', { 'ce-specversion': '2.0' }, 422, /^ce-specversion in header should be one of \[1\.0\]$/],
  ['a time that is none', { 'ce-time': 'x' }, 422, /^ce-time in header must be of type date-time: "x"$/],
  ['data as a header', { 'ce-data': '1' }, 400, /the data must be the body, not a header/],
  ['a dash in an extension', { 'ce-a-b': '1' }, 400, /a-b cannot be the name of an attribute/],
  ['data that are not of their type', {}, 400, /parsing body body from "" failed/, '{'],
]
for (const [title, fields, expected, message, sent = '1'] of refusedHeaders) {
  test(`an event in binary mode with ${title} is refused`, async t => {
    const { send } = await createStage(t)
    const { status, body } = await send(sent, binary(fields))
    t.is(status, expected)
    t.regex(body.message, message)
  })
}
