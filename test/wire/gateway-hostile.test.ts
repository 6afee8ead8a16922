/** Hostile requests to the gateway: each is answered as the fault of its caller, and never taken for two. */
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import { pino } from 'pino'
import type { AppOptions } from '../../server/app-options.ts'
import { answer, type Script } from '../helpers/fake-execution.ts'
import { type OpenGateway, openGateway } from '../helpers/gateway.ts'

async function openEchoing(t: ExecutionContext, options: Partial<AppOptions> = {}): Promise<OpenGateway> {
  const echo: Script = ({ payloadJson }) => answer(payloadJson)
  const gateway = await openGateway(t, { f: echo }, { maxBodyBytes: 2000, ...options })
  await gateway.createFunction('f')
  await gateway.createApi({ name: 'exact', function: 'f', uris: ['/x'] })
  await gateway.createApi({ name: 'open', function: 'f', uris: ['/p/{a}', '/p/{a}/{b}/*'], cors: true })
  return gateway
}

/** All that comes back until the connection ends. */
async function exchange(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.on('error', () => undefined)
  socket.write(bytes)
  return String(await buffer(socket).catch(() => Buffer.alloc(0)))
}

const statuses = (text: string): number[] =>
  [...text.matchAll(/(?:^|\n)HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status))

const segment = fc.constantFrom(
  ...['x', 'p', 'dispatch', '', '.', '..', '%', '%zz', '%ff', '%00', '%2e%2e%2f', '%2F', '%C3%A4', '%c3%28', 'ä'],
  ...['{a}', '*', ';', '?', '#', '&=', '__proto__', 'constructor', ':', '\\', 'x'.repeat(3000)],
)
const path = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('/dispatch/x', '/dispatch/x?a=%zz&a=&=b&__proto__', '/dispatch/p/%2F/') },
  { weight: 6, arbitrary: fc.array(segment, { maxLength: 5 }).map(parts => `/dispatch/${parts.join('/')}`) },
  fc.constantFrom('*', 'http://h/dispatch/x', 'http://[::1', 'h:1', '//', 'http://a@b@c/%'),
)
const header = fc.oneof(
  fc.constantFrom(
    ...['Content-Type: application/json', 'Content-Type: application/json; a="', 'Content-Type: ,;,', 'Content-Type:'],
    ...['Content-Type: multipart/form-data; boundary=', 'Content-Type: multipart/form-data; boundary="--"'],
    ...['Content-Type: application/x-www-form-urlencoded', 'Content-Type: text/plain', 'Host: other', 'Host:'],
    ...['Expect: 100-continue', 'Expect: x', 'Upgrade: websocket', 'Connection: upgrade', 'TE: trailers'],
    ...['X-Dispatch-Blocking: false', 'X-Request-Id: a b', 'Accept-Encoding: gzip, br;q=x', 'Cookie: \x80\xff'],
    ...['Transfer-Encoding: identity', 'Transfer-Encoding: gzip, chunked', 'Content-Length: 1', 'Content-Length: x'],
  ),
  fc.string({ unit: 'binary-ascii', maxLength: 30 }).map(text => `X-A: ${text}`),
)
const body = fc.oneof(
  fc.constantFrom('', '{}', '{"__proto__":1}', '[', 'a=%zz&b=%ff&=', '--\r\n\r\n\r\n--', '"\\ud800"', 'x'.repeat(3000)),
  fc.string({ unit: 'binary', maxLength: 50 }),
)
const framing = fc.constantFrom('length', 'chunked', 'bad chunks', 'none')
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'CONNECT', 'NOPE', 'get')
const hostileRequest = fc.record({ method, path, body, framing, headers: fc.array(header, { maxLength: 4 }) })

function render(asked: typeof hostileRequest extends fc.Arbitrary<infer Asked> ? Asked : never): string {
  const bytes = Buffer.byteLength(asked.body)
  const framed = {
    length: [`Content-Length: ${bytes}`, asked.body],
    chunked: ['Transfer-Encoding: chunked', `${bytes ? `${bytes.toString(16)}\r\n${asked.body}\r\n` : ''}0\r\n\r\n`],
    'bad chunks': ['Transfer-Encoding: chunked', `zz\r\n${asked.body}`],
    none: ['X-None: 1', asked.body],
  }[asked.framing]
  const lines = [
    `${asked.method} ${asked.path} HTTP/1.1`,
    'Host: h',
    'Connection: close',
    ...asked.headers,
    framed?.[0],
  ]
  return `${lines.join('\r\n')}\r\n\r\n${framed?.[1]}`
}

test('whatever is sent, the answer is none of our faults, and the next request is answered', async t => {
  const { port, send } = await openEchoing(t)
  const seen = new Set<number>()
  const property = fc.asyncProperty(hostileRequest, async asked => {
    const got = statuses(await exchange(port, `${render(asked)}`))
    for (const status of got) seen.add(status)
    return got.every(status => status < 500)
  })
  await t.notThrowsAsync(fc.assert(property, { numRuns: 600, seed: 11 }))
  for (const status of [200, 400, 404, 413]) t.true(seen.has(status), `none was answered by ${status}`)
  t.is((await send('GET', '/dispatch/x')).status, 200)
})

const hidden = 'GET /dispatch/x?hidden=1 HTTP/1.1\r\nHost: h\r\n\r\n'
const post = (...headers: string[]): string =>
  ['POST /dispatch/x HTTP/1.1', 'Host: h', 'Content-Type: application/json', ...headers, '', ''].join('\r\n')
const chunked = 'Transfer-Encoding: chunked'

for (const [title, bytes] of [
  ['both a length and chunks', `${post('Content-Length: 4', chunked)}0\r\n\r\n${hidden}`],
  ['chunks and then a length', `${post(chunked, 'Content-Length: 4')}0\r\n\r\n${hidden}`],
  ['two lengths', `${post('Content-Length: 0', `Content-Length: ${hidden.length}`)}${hidden}`],
  ['a length with a sign', `${post('Content-Length: +0')}${hidden}`],
  ['a list of lengths', `${post('Content-Length: 0, 0')}${hidden}`],
  ['an unknown coding', `${post('Transfer-Encoding: xchunked')}${hidden}`],
  ['chunked twice', `${post(chunked, chunked)}0\r\n\r\n${hidden}`],
  ['a blank before the colon', `${post('Transfer-Encoding : chunked')}0\r\n\r\n${hidden}`],
  ['a folded header', `${post('X-A: b', ' Content-Length: 9')}${hidden}`],
  ['a bare line feed', `POST /dispatch/x HTTP/1.1\nHost: h\nContent-Length: 0\n\n${hidden}`],
  ['a chunk size with garbage', `${post(chunked)}0x0\r\n\r\n${hidden}`],
  ['two hosts', `GET /dispatch/x HTTP/1.1\r\nHost: h\r\nHost: i\r\nConnection: close\r\n\r\n`],
  ['no host', `GET /dispatch/x HTTP/1.1\r\nConnection: close\r\n\r\n`],
] as const) {
  test(`${title}: refused, and nothing behind it is taken for a request`, async t => {
    const { port, execution } = await openEchoing(t)
    t.deepEqual(statuses(await exchange(port, bytes)), [400])
    t.false(execution.invocations.some(({ payloadJson }) => payloadJson.includes('hidden')))
  })
}

test('a body that is not read is never taken for the next request', async t => {
  const { port } = await openEchoing(t)
  const length = `Content-Length: ${hidden.length}`
  const notFound = `POST /nope HTTP/1.1\r\nHost: h\r\n${length}\r\n\r\n${hidden}`
  const ignored = `GET /dispatch/x HTTP/1.1\r\nHost: h\r\n${length}\r\n\r\n${hidden}`
  const last = 'GET /dispatch/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'
  const text = await exchange(port, `${notFound}${ignored}${last}`)
  t.deepEqual(statuses(text), [404, 200, 200])
  t.false(text.includes('hidden'))
})

test('a body beyond the limit is refused at once, whether its length is told or not', async t => {
  const { port } = await openEchoing(t)
  const told = `${post('Content-Length: 2001')}`
  const untold = `${post(chunked)}7d1\r\n${'x'.repeat(2001)}\r\n`
  for (const bytes of [told, untold]) {
    const text = await exchange(port, bytes)
    t.deepEqual(statuses(text), [413])
    t.regex(text, /\{"message":"the request body is larger than this server accepts"\}\n$/)
  }
})

test('a client that goes away in the middle of its body does no harm, and is no failure of the server', async t => {
  const lines: string[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) })
  const { port, send } = await openEchoing(t, { log })
  const socket = connect({ host: '127.0.0.1', port })
  socket.write(`${post('Content-Length: 100')}{`)
  await new Promise(resolve => socket.once('connect', resolve))
  socket.destroy()
  t.is((await send('GET', '/dispatch/x')).status, 200)
  t.deepEqual(lines, [])
})
