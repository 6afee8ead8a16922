import { gunzipSync } from 'node:zlib'
import test from 'ava'
import { acceptsCoding, minPackedLength } from '../../server/http/answer.ts'
import { connectionLimits } from '../../server/http/connections.ts'
import type { OperationReply } from '../../server/http/operation.ts'
import { closing, head, limits, listen } from '../helpers/listening-api.ts'
import { until } from '../helpers/wait.ts'

/** Status, code of the body, and whether the answer has the form of all refusals. */
function parseRefusal(answer: string): { status: number; code: number; isWhole: boolean } {
  const [top = '', body = ''] = answer.split('\r\n\r\n')
  const isWhole = /\r\ncontent-type: application\/json\r\n/i.test(top) && /\r\nx-request-id: start-\d+\r\n/i.test(top)
  return { status: Number(top.split(' ')[1]), code: JSON.parse(body).code, isWhole }
}
const refused = (status: number) => ({ status, code: status, isWhole: true })

test('a client that is slow with its headers is told and cut', async t => {
  const { open } = await listen(t)
  t.deepEqual(parseRefusal(await open('GET /v1/function HTTP/1.1\r\nHost: h\r\n').answer), refused(408))
})

test('a client that is slow with its body is told and cut', async t => {
  const { open } = await listen(t)
  const begun = head('POST /v1/function HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 10')
  t.deepEqual(parseRefusal(await open(`${begun}{"a`).answer), refused(408))
})

test('defect "blocking calls cut at 60 s": a call may take longer than anything that is timed', async t => {
  const end = Promise.withResolvers<OperationReply>()
  let isUnderWay = false
  const { open } = await listen(t, {
    handle: () => {
      isUnderWay = true
      return end.promise
    },
  })
  const call = open(head('GET /v1/function HTTP/1.1', closing))
  await until('the call is under way', async () => isUnderWay)
  // One after the other: the call is older than the time that each of them had.
  for (const _ of [1, 2, 3]) t.regex(await open('GET ').answer, /^HTTP\/1.1 408 /)
  end.resolve({ status: 200, json: '"late"' })
  t.regex(await call.answer, /^HTTP\/1.1 200 [\s\S]*"late"$/)
})

test('nothing of the real server times an answer', async t => {
  const { app } = await listen(t, { options: { limits: connectionLimits } })
  t.is(app.server.timeout, 0)
  t.is(app.server.requestTimeout, 30_000)
  t.is(app.server.maxRequestsPerSocket, 0)
})

const refusals: [title: string, bytes: string, status: number][] = [
  ['headers that are too large', head('GET /v1/function HTTP/1.1', `X-Padding: ${'x'.repeat(9000)}`), 431],
  ['what is no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['a method that is none', head('FLY /v1/function HTTP/1.1'), 400],
  ['two lengths of one body', head('POST /v1/function HTTP/1.1', 'Content-Length: 1', 'Content-Length: 2'), 400],
  [
    'a length beside chunks',
    head('POST /v1/function HTTP/1.1', 'Content-Length: 1', 'Transfer-Encoding: chunked'),
    400,
  ],
  [
    'a body in chunks that becomes too large',
    `${head('POST /v1/function HTTP/1.1', 'Content-Type: application/json', 'Transfer-Encoding: chunked')}3E9\r\n${'x'.repeat(1001)}\r\n`,
    413,
  ],
  [
    'a length that is too large',
    head('POST /v1/function HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 1001'),
    413,
  ],
]
for (const [title, bytes, status] of refusals) {
  test(`${title}: refused in the form of every error, and the connection ends`, async t => {
    const { open } = await listen(t)
    t.deepEqual(parseRefusal(await open(bytes).answer), refused(status))
  })
}

test('an answer that has begun gets no other one into its middle', async t => {
  const end = Promise.withResolvers<void>()
  async function* pieces() {
    yield 'one'
    await end.promise
  }
  const { open } = await listen(t, {
    handle: async () => ({ status: 200, content: { type: 'text/plain', pieces: pieces() } }),
  })
  const { socket, answer } = open(head('GET /v1/function HTTP/1.1'))
  await new Promise(resolve => socket.once('readable', resolve))
  socket.write('no HTTP at all\r\n\r\n')
  t.notRegex(await answer, /400/)
  end.resolve()
})

test('one connection serves request after request, each with an id of its own, and is closed when it idles', async t => {
  const { open } = await listen(t, { options: { limits: { ...limits, idleMs: 1 } } })
  const { socket, answer } = open(head('GET /v1/function HTTP/1.1'))
  await new Promise(resolve => socket.once('readable', resolve))
  socket.write(head('GET /v1/function HTTP/1.1'))
  const ids = [...(await answer).matchAll(/x-request-id: (\S+)/g)].map(match => match[1])
  t.deepEqual(ids, ['start-1', 'start-2'])
})

test('a client that expects anything but 100-continue is answered all the same', async t => {
  const { open } = await listen(t)
  t.regex(await open(head('GET /v1/function HTTP/1.1', 'Expect: miracles', closing)).answer, /^HTTP\/1.1 200 /)
})

test('the log has the cause of an error under the id that the client got', async t => {
  const handle = () => Promise.reject(new Error('the disk is gone'))
  const { open, lines } = await listen(t, { handle })
  const answer = await open(head('GET /v1/function HTTP/1.1', closing)).answer
  t.regex(answer, /^HTTP\/1.1 500 [\s\S]*under request id start-1"\}$/)
  t.notRegex(answer, /disk/)
  const told = lines.map(line => JSON.parse(line)).filter(line => line.reqId === 'start-1')
  t.is(told[0]?.err.message, 'the disk is gone')
})

test('a client that goes away with half a body fills no log', async t => {
  const { app, open, lines } = await listen(t, { options: { limits: connectionLimits } })
  const begun = head('POST /v1/function HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 10')
  const { socket } = open(`${begun}{"a`)
  await until('the server has it', async () => (await connectionsOf(app.server)) === 1)
  socket.destroy()
  await until('the server has seen its end', async () => (await connectionsOf(app.server)) === 0)
  t.deepEqual(lines, [])
})

const connectionsOf = (server: { getConnections(done: (error: Error | null, count: number) => void): unknown }) =>
  new Promise<number>((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })

for (const method of ['HEAD', 'OPTIONS']) {
  test(`${method} is no method of an operation, and no answer opens the API to other origins`, async t => {
    const { port } = await listen(t)
    const headers = { origin: 'http://evil.example', cookie: 'c', 'access-control-request-method': 'POST' }
    const answer = await fetch(`http://127.0.0.1:${port}/v1/function`, { method, headers })
    t.is(answer.status, 405)
    t.is(answer.headers.get('allow'), 'GET,POST')
    const get = await fetch(`http://127.0.0.1:${port}/v1/function`, { headers: { ...headers, 'x-dispatch-org': 'o' } })
    t.is(get.status, 200)
    for (const each of [answer, get])
      t.deepEqual(
        [...each.headers.keys()].filter(name => name.startsWith('access-control')),
        [],
      )
  })
}

const large = JSON.stringify('ä'.repeat(minPackedLength))
const packings: [string, string, string, boolean][] = [
  ['a large answer to who takes gzip', large, 'gzip', true],
  ['a large answer to who takes gzip among others', large, 'br;q=1.0, gzip;q=0.8, *;q=0.1', true],
  ['a large answer to who refuses gzip', large, 'gzip;q=0, identity', false],
  ['a large answer to who says nothing', large, '', false],
  ['a small answer', JSON.stringify('x'.repeat(minPackedLength - 100)), 'gzip', false],
]
for (const [title, json, accepted, isPacked] of packings) {
  test(`${title} is ${isPacked ? '' : 'not '}packed`, async t => {
    const { open } = await listen(t, { handle: async () => ({ status: 201, json, headers: { link: '<x>' } }) })
    const { received } = open(
      head('GET /v1/function HTTP/1.1', closing, ...(accepted ? [`Accept-Encoding: ${accepted}`] : [])),
    )
    const bytes = await received
    const end = bytes.indexOf('\r\n\r\n')
    const top = bytes.subarray(0, end).toString()
    const body = bytes.subarray(end + 4)
    t.is(/content-encoding: gzip/.test(top), isPacked)
    t.true((isPacked ? gunzipSync(body) : body).toString() === json)
    for (const header of [
      /^HTTP\/1.1 201 /,
      /content-type: application\/json\r/,
      /link: <x>\r/,
      /x-request-id: start-1\r/,
    ])
      t.regex(top, header)
    t.is(Number(/content-length: (\d+)/.exec(top)?.[1]), body.length)
    t.is(/vary: accept-encoding/.test(top), json === large)
  })
}

test('the weight decides whether gzip is taken', t => {
  for (const value of ['gzip', 'GZIP', 'deflate, gzip', 'gzip;q=1', 'gzip; q=0.5'])
    t.true(acceptsCoding(value, 'gzip'), value)
  for (const value of [undefined, '', 'br', 'gzip;q=0', 'gzip;q=0.0', 'xgzip', '*'])
    t.false(acceptsCoding(value, 'gzip'), value)
})
