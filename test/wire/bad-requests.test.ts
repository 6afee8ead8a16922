/** Whatever comes in, the answer is no fault of ours, tells nothing about the machine, and the server goes on. */
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import test from 'ava'
import fc from 'fast-check'
import { loadCapture } from '../helpers/captures.ts'
import { createTestApp, seed } from '../helpers/test-app.ts'
import { badRequestsOf } from './bad-requests.ts'

const seedOfAll = 20_261_128
const { source } = JSON.parse(loadCapture('027')[0]?.request.body ?? '{}')

/** Paths of this machine, and frames of a stack. */
const leak = new RegExp(`${process.cwd()}|/tmp/dispatch|node:internal|node_modules|\\.ts:\\d+|^\\s+at \\S+ \\(`, 'm')

const options = { maxBodyBytes: 100_000, maxRemovalWaitMs: 20 }

test('10,000 bad requests over all operations: none is answered by 5xx, and none leaves a mark', async t => {
  t.timeout(20 * 60_000, 'a machine that may be busy')
  const { app, call, reach, ...rest } = await createTestApp(t, {}, options)
  await seed({ app, call, reach, ...rest })
  await call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
  await reach('/v1/function/fn', 'READY')
  const request = fc.oneof(...app.operations.map(badRequestsOf))
  const statuses = new Map<number, number>()
  const property = fc.asyncProperty(request, async ({ method, url, headers, payload }) => {
    const answer = await app.api.inject({
      method: method as 'GET',
      url,
      headers,
      ...(payload !== undefined && { payload }),
    })
    const { statusCode, body } = answer
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
    if (statusCode >= 500) throw new Error(`${statusCode}: ${body}`)
    if (leak.test(body)) throw new Error(`tells of the machine: ${body}`)
    if (answer.headers['x-request-id'] === undefined) throw new Error('has no request id')
  })
  await fc.assert(property, {
    seed: seedOfAll,
    numRuns: 10_000,
    interruptAfterTimeLimit: 15 * 60_000,
    markInterruptAsFailure: true,
  })
  t.log(Object.fromEntries([...statuses].toSorted(([a], [b]) => a - b)))
  for (const status of [200, 201, 400, 401, 404, 405, 413, 415, 422])
    t.true(statuses.has(status), `nothing got ${status}`)
  for (const url of ['/v1/version', '/v1/function', '/v1/runs', '/docs'])
    t.is((await app.api.inject({ url, headers })).statusCode, 200)
})

const headers = { cookie: 'cookie', 'x-dispatch-org': 'dispatch' }

const lines = fc.oneof(
  fc.constantFrom('GET /v1/function HTTP/1.1', 'POST /v1/secret HTTP/1.1', 'PUT /v1/api/a HTTP/1.1', 'GET / HTTP/1.0'),
  fc.constantFrom(
    'GET  HTTP/1.1',
    'GET /v1/function',
    'GET /v1/function HTTP/9.9',
    'OPTIONS * HTTP/1.1',
    'CONNECT x:1 HTTP/1.1',
  ),
  fc.constantFrom(
    'GET http://x/v1/function HTTP/1.1',
    'GET //v1//function HTTP/1.1',
    'PRI * HTTP/2.0',
    'get /v1/function HTTP/1.1',
  ),
  fc.string({ unit: 'binary' }),
)
const fields = fc.array(
  fc.oneof(
    fc.constantFrom('Host: h', 'Cookie: c', 'X-Dispatch-Org: o', 'Content-Type: application/json', 'Connection: close'),
    fc.constantFrom(
      'Content-Length: 5',
      'Content-Length: -1',
      'Content-Length: x',
      'Content-Length: 99999999999999999999',
    ),
    fc.constantFrom(
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: gzip, chunked',
      'Upgrade: websocket',
      'Expect: 100-continue',
    ),
    fc.constantFrom(
      ': x',
      'A',
      'A : b',
      ' folded',
      'X-Long: '.padEnd(20_000, 'x'),
      'X-Dispatch-Org: \u00ff',
      'Cookie: \u0000',
    ),
    fc.string({ unit: 'binary' }),
  ),
  { maxLength: 2 },
)
const bodies = fc.oneof(
  fc.constantFrom(
    '',
    '{"a":',
    '5\r\nhello\r\n0\r\n\r\n',
    'ZZ\r\n',
    'ffffffffffffffffff\r\n',
    '0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
  ),
  fc.string({ unit: 'binary' }),
)
const whole = ['Host: localhost', 'Cookie: c', 'X-Dispatch-Org: o', 'Content-Type: application/json']
const bytes = fc
  .tuple(lines, fc.constantFrom([], whole), fields, bodies, fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r'))
  .map(([line, first, head, body, end]) => Buffer.from([line, ...first, ...head, '', body].join(end), 'latin1'))

test('500 times bytes on a real connection: none is answered by 5xx, and the next request is served', async t => {
  const { app } = await createTestApp(t, {}, options)
  await app.api.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.api.server.closeAllConnections())
  const address = app.api.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const send = async (sent: Buffer): Promise<string> => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.on('error', () => undefined)
    socket.end(sent)
    return text(socket).catch(() => '')
  }
  const statuses = new Set<string>()
  const property = fc.asyncProperty(fc.array(bytes, { minLength: 20, maxLength: 20 }), async requests => {
    for (const answer of await Promise.all(requests.map(send))) {
      for (const [, status = ''] of answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)) statuses.add(status)
      if (/^HTTP\/1\.1 5/m.test(answer) || leak.test(answer)) throw new Error(answer)
    }
  })
  await fc.assert(property, { seed: seedOfAll, numRuns: 25, endOnFailure: true })
  t.log([...statuses].toSorted())
  t.true(statuses.size > 3)
  t.is((await fetch(`http://127.0.0.1:${port}/v1/function`, { headers })).status, 200)
})
