/** Answers that leave while their function is at work, as their clients see them. */
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import type { Outcome, Piece } from '../../server/core/execution.ts'
import { answer, type Script } from '../helpers/fake-execution.ts'
import { type OpenGateway, openGateway } from '../helpers/gateway.ts'
import { until } from '../helpers/wait.ts'

const text = (value: string): Piece => ({ type: 'text', text: value })
const json = (value: unknown): Piece => ({ type: 'json', text: JSON.stringify(value) })
const bytes = (value: string): Piece => ({ type: 'bytes', bytes: Buffer.from(value, 'hex') })
const failed: Outcome = {
  ok: false,
  error: { type: 'FunctionError', message: 'boom', stacktrace: null },
  logs: { stdout: null, stderr: null },
}

/** Gives the pieces as long as they are wanted. */
const giving =
  (pieces: readonly Piece[], end: Outcome = answer('"recorded"')): Script =>
  async ({ onPiece }) => {
    for (const piece of pieces) if (!(await onPiece?.(piece))) break
    return end
  }

/** A gateway with one function, behind an API of each form. */
async function open(t: ExecutionContext, script: Script): Promise<OpenGateway> {
  const gateway = await openGateway(t, { f: script })
  await gateway.createFunction('f')
  for (const response of ['stream', 'events'])
    await gateway.createApi({ name: response, function: 'f', response, cors: true, uris: [`/${response}`] })
  return gateway
}

/** Its head; the body is left for the test to read. */
const ask = (port: number, path: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, agent: false }, resolve).once('error', reject).end()
  })

const streamed: Record<string, { pieces: Piece[]; type: string; body: string }> = {
  'texts as they are': { pieces: [text('a'), text(''), text('ü')], type: 'text/plain; charset=utf-8', body: 'aü' },
  'values, each in a line': {
    pieces: [json({ a: 1 }), json(null)],
    type: 'application/x-ndjson',
    body: '{"a":1}\nnull\n',
  },
  'bytes as they are': { pieces: [bytes('61'), bytes('62')], type: 'application/octet-stream', body: 'ab' },
  'with the type that the function says': {
    pieces: [json({ headers: { 'Content-Type': 'text/csv' } }), text('a,b\n'), json(1)],
    type: 'text/csv',
    body: 'a,b\n1\n',
  },
}

for (const [what, { pieces, type, body }] of Object.entries(streamed)) {
  test(`pieces are streamed: ${what}`, async t => {
    const { send, call } = await open(t, giving(pieces))
    const got = await send('GET', '/dispatch/stream')
    t.like(got, { status: 200, text: body })
    t.is(got.headers['content-type'], type)
    t.is(got.headers['content-length'], undefined)
    t.is(got.headers['access-control-allow-origin'], '*')
    t.is((await call('GET', '/v1/runs')).body[0].output, 'recorded')
  })
}

test('each piece is there before the next is made', async t => {
  const next = Promise.withResolvers<void>()
  const { port } = await open(t, async ({ onPiece }) => {
    await onPiece?.(text('first'))
    await next.promise
    await onPiece?.(text('second'))
    return answer('null')
  })
  const got: string[] = []
  for await (const chunk of await ask(port, '/dispatch/stream')) {
    got.push(String(chunk))
    next.resolve()
  }
  t.deepEqual(got, ['first', 'second'])
})

test('the first value may say status and headers, which leave at once when the type is among them', async t => {
  const next = Promise.withResolvers<void>()
  const { port, send } = await open(t, async ({ onPiece, payloadJson }) => {
    const type = payloadJson === '{}' && { 'content-type': 'text/html' }
    await onPiece?.(json({ statusCode: 201, headers: { 'set-cookie': ['a=1', 'b=2'], ...type } }))
    await next.promise
    if (payloadJson !== '{"only":"head"}') await onPiece?.(text('<p>'))
    return answer('null')
  })
  const got = await ask(port, '/dispatch/stream')
  t.like(got, { statusCode: 201, headers: { 'content-type': 'text/html', 'set-cookie': ['a=1', 'b=2'] } })
  next.resolve()
  t.deepEqual(await got.toArray(), [Buffer.from('<p>')])
  const untyped = await send('GET', '/dispatch/stream?x=1')
  t.like(untyped, { status: 201, text: '<p>', headers: { 'content-type': 'text/plain; charset=utf-8' } })
  t.like(await send('GET', '/dispatch/stream?only=head'), { status: 201, text: '' })
})

test('a head that cannot be sent is refused, and the function is told to end', async t => {
  const told: unknown[] = []
  const { send } = await open(t, async ({ onPiece }) => {
    told.push(await onPiece?.(json({ statusCode: 7 })))
    return answer('null')
  })
  const message = 'the function gave what is no HTTP answer: its statusCode is 7, not one from 200 to 599'
  t.like(await send('GET', '/dispatch/stream'), { status: 502, text: `${JSON.stringify({ message })}\n` })
  t.deepEqual(told, [false])
})

test('a function that gives its output as a whole is answered as ever, and so is one that fails before its first piece', async t => {
  const { send } = await open(t, ({ payloadJson }) => (payloadJson === '{}' ? answer('{"a":1}') : failed))
  for (const path of ['/dispatch/stream', '/dispatch/events']) {
    t.like(await send('GET', path), { status: 200, text: '{"a":1}\n', headers: { 'content-type': 'application/json' } })
    t.like(await send('GET', `${path}?fail=1`), { status: 502, text: '{"message":"boom"}\n' })
  }
  t.like(await send('GET', '/dispatch/stream', { headers: { 'x-dispatch-blocking': 'false' } }), {
    status: 200,
    text: '',
  })
})

test('one that fails in the middle is cut off: its client sees that there should be more', async t => {
  const { port } = await open(t, giving([text('half')], failed))
  await t.throwsAsync((await ask(port, '/dispatch/stream')).toArray(), { code: 'ECONNRESET' })
})

test('events: texts, values, events with fields, and bytes that are events already', async t => {
  const pieces = [text('a\nb'), json([1]), json({ event: 'tick', id: 1, data: { n: 2 } }), bytes('3a0a0a')]
  const { send } = await open(t, giving(pieces))
  const body = 'data: a\ndata: b\n\ndata: [1]\n\nevent: tick\nid: 1\ndata: {"n":2}\n\n:\n\n'
  const got = await send('GET', '/dispatch/events')
  t.like(got, {
    status: 200,
    text: body,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
  })
})

test('events: a function that says so by its content type gives events without a word of its API', async t => {
  const head = json({ headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' } })
  const { send } = await open(t, giving([head, text('a')]))
  const got = await send('GET', '/dispatch/stream')
  t.like(got, { text: 'data: a\n\n', headers: { 'cache-control': 'no-cache' } })
})

test('HEAD gets the headers of a stream, and the function is told to end', async t => {
  const told: unknown[] = []
  const { send } = await open(t, async ({ onPiece }) => {
    told.push(await onPiece?.(text('a')))
    return answer('null')
  })
  const got = await send('HEAD', '/dispatch/stream')
  t.like(got, { status: 200, text: '', headers: { 'content-type': 'text/plain; charset=utf-8' } })
  t.deepEqual(told, [false])
})

test('a client that leaves has the function told at its next piece, and the run is recorded', async t => {
  const left = Promise.withResolvers<void>()
  const told: unknown[] = []
  const { port, call, app } = await open(t, async ({ onPiece }) => {
    told.push(await onPiece?.(text('a')))
    await left.promise
    told.push(await onPiece?.(text('b')))
    return answer('"what there was"')
  })
  const got = await ask(port, '/dispatch/stream')
  got.destroy()
  await until('the server knows', async () => {
    const count = Promise.withResolvers<number>()
    app.gateway.servers.http.getConnections((_, open) => count.resolve(open))
    return (await count.promise) === 0
  })
  left.resolve()
  await until('the run is recorded', async () => (await call('GET', '/v1/runs')).body[0]?.status === 'READY')
  t.deepEqual(told, [true, false])
})

test('a client that leaves while its answer waits for the one before is noticed too', async t => {
  const begun: string[] = []
  const first = Promise.withResolvers<void>()
  const told: unknown[] = []
  const { port } = await open(t, async ({ onPiece, payloadJson }) => {
    begun.push(payloadJson)
    if (payloadJson === '{}') await first.promise
    else
      for (let wanted = true; wanted; told.push(wanted)) wanted = (await onPiece?.(text('b'.repeat(2 ** 20)))) ?? false
    return answer('null')
  })
  const client = connect(port, '127.0.0.1')
  client
    .resume()
    .write('GET /dispatch/stream HTTP/1.1\r\nHost: h\r\n\r\nGET /dispatch/stream?x=1 HTTP/1.1\r\nHost: h\r\n\r\n')
  await until('both are begun', async () => begun.length === 2)
  client.destroy()
  await until('it is told', async () => told.at(-1) === false)
  first.resolve()
  t.pass()
})

test('a client that does not read holds up its own function alone, and little of what it makes is in memory', async t => {
  let made = 0
  const mebibyte = Buffer.alloc(2 ** 20)
  const { port, send } = await open(t, async ({ onPiece, payloadJson }) => {
    if (payloadJson !== '{}') return answer('1')
    for (; made < 200; made += 1) if (!(await onPiece?.({ type: 'bytes', bytes: mebibyte }))) break
    return answer('null')
  })
  const slow = await ask(port, '/dispatch/stream')
  for (let round = 0; round < 20; round += 1) t.is((await send('GET', '/dispatch/stream?quick=1')).text, '1\n')
  t.true(made < 50, `${made} MiB`)
  let read = 0
  for await (const chunk of slow) read += chunk.length
  t.is(read, 200 * 2 ** 20)
})

test('streams of events end when the gateway closes; others go on to their end', async t => {
  const next = Promise.withResolvers<void>()
  const { port, app } = await open(t, async ({ onPiece }) => {
    await onPiece?.(text('a'))
    await next.promise
    await onPiece?.(text('b'))
    return answer('null')
  })
  const [plain, events] = await Promise.all([ask(port, '/dispatch/stream'), ask(port, '/dispatch/events')])
  const closed = app.gateway.close()
  next.resolve()
  t.is(Buffer.concat(await plain.toArray()).toString(), 'ab')
  t.is(Buffer.concat(await events.toArray()).toString(), 'data: a\n\n')
  await closed
})
