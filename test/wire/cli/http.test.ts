/** Odd servers: redirects, compression, proxies, pages instead of JSON, silence. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import test, { type ExecutionContext } from 'ava'
import { createStage } from './stage.ts'

test('the code of the body is shown, 0 without one; any 2xx is a success', async t => {
  const stage = await createStage(t, [
    { status: 422, body: { code: 602, message: 'name in body is required' } },
    { status: 400, body: { message: 'm' } },
    { status: 500 },
    { status: 208, body: { name: 'b' } },
  ])
  const create = ['create', 'base-image', 'b', 'd']
  t.is((await stage.dispatch(create)).stderr, '[Code: 602] name in body is required\n')
  t.is((await stage.dispatch(create)).stderr, '[Code: 0] m\n')
  t.is((await stage.dispatch(create)).stderr, '[Code: 0] \n')
  t.is((await stage.dispatch(create)).stdout, 'Created base image: b\n')
})

test('a page instead of JSON shows its status and first line', async t => {
  const stage = await createStage(t, () => ({ status: 502, body: '<h1>Bad gateway</h1>\n<p>x</p>' }))
  const { code, stderr } = await stage.dispatch(['get', 'images'])
  t.deepEqual([code, stderr], [1, 'unexpected error received from server: HTTP 502: <h1>Bad gateway</h1>\n'])
})

test('texts of a hostile server never steer the terminal, whichever way they take', async t => {
  const hostile = 'a\u001b]0;title\u0007\r\u009b2J\nb'
  const clean = 'a]0;title2J\nb'
  const refusal = await createStage(t, () => ({ status: 400, body: { code: 400, message: hostile } }))
  t.is((await refusal.dispatch(['get', 'images'])).stderr, `[Code: 400] ${clean}\n`)
  const page = await createStage(t, () => ({ status: 502, body: hostile }))
  t.is(
    (await page.dispatch(['get', 'images'])).stderr,
    'unexpected error received from server: HTTP 502: a]0;title2J\n',
  )
  const error = await createStage(t, () => ({ status: 200, body: { status: 'ERROR', reason: [hostile] } }))
  const { stderr } = await error.dispatch(['create', 'base-image', 'b', 'd', '--wait'])
  t.is(stderr, `base image b ended in ERROR: ${clean}\n`)
  const failed = { name: 'r', status: 'ERROR', error: { type: 'T', message: hostile } }
  const run = await createStage(t, () => ({ status: 200, body: failed }))
  t.is((await run.dispatch(['exec', 'f'], { stderrIsTerminal: true })).stderr, `run r failed: T: ${clean}\n`)
  const version = await createStage(t, () => ({ status: 200, body: { version: hostile } }))
  t.true((await version.dispatch(['version'])).stdout.endsWith(`Server: ${clean}\n`))
})

test('gzip is unpacked', async t => {
  const body = gzipSync('[]')
  const stage = await createStage(t, () => ({ status: 200, body, headers: { 'Content-Encoding': 'gzip' } }))
  t.is((await stage.dispatch(['get', 'images', '-o', 'json'])).stdout, '[]\n')
})

/** Answers each connection with the same bytes, in pieces. */
async function startRaw(t: ExecutionContext, pieces: readonly string[], ends = true) {
  let connections = 0
  const server = createServer(async socket => {
    connections += 1
    socket.on('error', () => undefined)
    await once(socket, 'data')
    for (const piece of pieces) await new Promise<void>(resolve => void socket.write(piece, 'latin1', () => resolve()))
    if (ends) socket.end()
    else socket.on('end', () => socket.end())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? String(address.port) : ''
  return { port, count: () => connections }
}

const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
const packed = gzipSync('[]').toString('latin1')
const whole: readonly (readonly [title: string, ...pieces: string[]])[] = [
  ['with a length', 'HTTP/1.1 200 OK\r\nContent-Len', 'gth: 2\r\n\r\n[', ']'],
  ['in chunks', `${chunked}1\r\n[\r\n`, '1;a="b"\r\n]\r', '\n0\r\nX: y\r\n\r\n'],
  [
    'in chunks, packed',
    `${chunked.replace('\r\n', '\r\nContent-Encoding: gzip\r\n')}`,
    `${packed.length.toString(16)}\r\n${packed}\r\n0\r\n\r\n`,
  ],
]
for (const [title, ...pieces] of whole)
  test(`an answer ${title} is read at the first asking, however it is cut`, async t => {
    const { port, count } = await startRaw(t, pieces)
    const stage = await createStage(t)
    const { stdout } = await stage.dispatch(['get', 'images', '-o', 'json', '--port', port])
    t.deepEqual([stdout, count()], ['[]\n', 1])
  })

const broken: readonly (readonly [title: string, answer: string, told: RegExp])[] = [
  ['nothing', '', /EOF; the connection ended before the answer did/],
  ['a part', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[]', /: aborted|EOF/],
  ['a part of a chunk', `${chunked}9\r\n[]`, /: aborted|EOF/],
  ['chunks without an end', `${chunked}2\r\n[]\r\n`, /: aborted|EOF/],
  [
    'both a length and chunks',
    `${chunked.replace('\r\n', '\r\nContent-Length: 2\r\n')}2\r\n[]\r\n0\r\n\r\n`,
    /does not speak HTTP/,
  ],
  ['something between chunks', `${chunked}2\r\n[]XX0\r\n\r\n`, /EOF|does not speak HTTP/],
  ['chunks that are cut at the very end', `${chunked}2\r\n[]\r\n0\r\n`, /: aborted|EOF/],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n[]', /does not speak HTTP/],
]
for (const [title, answer, told] of broken)
  test(`${title} instead of an answer is an error that says so`, async t => {
    const { port } = await startRaw(t, [answer])
    const stage = await createStage(t)
    const { code, stdout, stderr } = await stage.dispatch(['get', 'images', '--port', port])
    t.deepEqual([code, stdout], [1, ''])
    t.regex(stderr, told)
  })

test('who keeps the connection open is not waited for', async t => {
  const stage = await createStage(t)
  const kept = await startRaw(t, ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]'], false)
  t.is((await stage.dispatch(['get', 'images', '-o', 'json', '--port', kept.port])).stdout, '[]\n')
  const inChunks = await startRaw(t, [`${chunked}2\r\n[]\r`, '\n0\r\n\r\n'], false)
  t.is((await stage.dispatch(['get', 'images', '-o', 'json', '--port', inChunks.port])).stdout, '[]\n')
  const bare = await startRaw(t, ['HTTP/1.1 204 No Content\r\n\r\n'], false)
  t.is((await stage.dispatch(['get', 'images', '-o', 'json', '--port', bare.port])).code, 0)
  const greeter = await startRaw(t, ['SSH', '-2.0-OpenSSH_9.2\r\n'], false)
  t.regex((await stage.dispatch(['get', 'images', '--port', greeter.port])).stderr, /does not speak HTTP/)
})

test('an organization never adds a header or a request', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: [] }))
  const { code, stderr } = await stage.dispatch([
    'get',
    'images',
    '--organization',
    'a\r\nX-Evil: 1\r\n\r\nGET /x HTTP/1.1',
  ])
  t.is(code, 1)
  t.regex(stderr, /Invalid character in header/)
  t.deepEqual(stage.asked, [])
})

test('a redirected POST becomes a GET; credentials stay with their host; circles end', async t => {
  const other = await createStage(t, () => ({ status: 200, body: {} }))
  const stage = await createStage(t, ({ url }) => ({
    status: 302,
    headers: { Location: url === '/v1/baseimage' ? `http://127.0.0.1:${other.port}/x` : url },
  }))
  t.is((await stage.dispatch(['create', 'base-image', 'b', 'd'])).code, 0)
  const [asked] = other.asked
  t.deepEqual([asked?.method, asked?.url, asked?.headers.cookie], ['GET', '/x', undefined])
  t.regex((await stage.dispatch(['get', 'images'])).stderr, /stopped after 10 redirects\n$/)
})

test('an unreachable server: the prefix that scripts know, then the cause and what to look at', async t => {
  const stage = await createStage(t)
  const { stderr } = await stage.dispatch(['get', 'images', '--port', '1'])
  t.regex(
    stderr,
    /^unexpected error received from server: Get "http:\/\/127\.0\.0\.1:1\/v1\/image" \(from DISPATCH_HOST\): connection refused; .*--host.*DISPATCH_CONFIG/,
  )
  const named = (await stage.dispatch(['get', 'images', '--host', '127.0.0.1', '--port', '1'])).stderr
  t.regex(named, /\/image": connection refused/)
  stage.write('c.json', '{"current": "solo", "contexts": {"solo": {"host": "127.0.0.1", "port": 1, "scheme": "http"}}}')
  const env = { DISPATCH_CONFIG: 'c.json', DISPATCH_HOST: '', DISPATCH_PORT: '', DISPATCH_SCHEME: '' }
  const fromContext = (await stage.dispatch(['get', 'images'], { env })).stderr
  t.regex(fromContext, /\/image" \(from host of the context solo in the config file\): connection refused/)
  t.regex(
    (await stage.dispatch(['get', 'images', '--scheme', 'ftp'])).stderr,
    /unsupported protocol scheme "ftp"; use http or https\n$/,
  )
  t.regex(
    (await stage.dispatch(['get', 'images', '--port', '99999'])).stderr,
    /: not an address; see --host and --port/,
  )
})

/** Takes connections and never says a word. */
async function startSilence(t: ExecutionContext) {
  const silent = createServer(() => undefined)
  await new Promise<void>(resolve => {
    silent.listen(0, '127.0.0.1', resolve)
  })
  t.teardown(() => void silent.close())
  const address = silent.address()
  return { silent, port: typeof address === 'object' && address !== null ? String(address.port) : '' }
}

test('a server that never answers ends at the time limit, or with an interruption', async t => {
  const { silent, port } = await startSilence(t)
  const stage = await createStage(t)
  const { code, stderr } = await stage.dispatch(['get', 'images', '--port', port, '--request-timeout', '50ms'])
  t.is(code, 1)
  t.regex(stderr, /no answer within 0\.05s; see --request-timeout\n$/)
  const interruption = new AbortController()
  const waiting = stage.dispatch(['exec', 'f', '--port', port], { interrupted: interruption.signal })
  silent.once('connection', () => interruption.abort())
  t.regex((await waiting).stderr, /: interrupted\n$/)
})

test('so does a proxy that never opens its tunnel', async t => {
  const { silent, port } = await startSilence(t)
  const stage = await createStage(t)
  const env = { HTTPS_PROXY: `http://127.0.0.1:${port}` }
  const words = ['--host', 'solo.test', '--port', '443', '--scheme', 'https']
  const late = await stage.dispatch(['get', 'images', ...words, '--request-timeout', '50ms'], { env })
  t.regex(late.stderr, /no answer within 0\.05s; see --request-timeout\n$/)
  const interruption = new AbortController()
  const waiting = stage.dispatch(['exec', 'f', ...words], { env, interrupted: interruption.signal })
  silent.once('connection', () => interruption.abort())
  t.regex((await waiting).stderr, /: interrupted\n$/)
})

test('HTTP_PROXY gets the whole URL, except for loopback and NO_PROXY hosts', async t => {
  const proxy = await createStage(t, () => ({ status: 200, body: [] }))
  const env = { HTTP_PROXY: `http://u:p@127.0.0.1:${proxy.port}`, NO_PROXY: 'example.org' }
  const stage = await createStage(t, () => ({ status: 200, body: [] }))
  t.is((await stage.dispatch(['get', 'images', '--host', 'solo.test', '--port', '80'], { env })).code, 0)
  t.deepEqual([proxy.asked[0]?.url, proxy.asked[0]?.headers.host], ['http://solo.test/v1/image', 'solo.test'])
  t.is(proxy.asked[0]?.headers['proxy-authorization'], 'Basic dTpw')
  await stage.dispatch(['get', 'images'], { env })
  t.is(stage.asked.length, 1)
  await stage.dispatch(['get', 'images', '--host', 'a.example.org', '--request-timeout', '1s'], { env })
  t.is(proxy.asked.length, 1)
})

test('a proxy that is away is not taken for the server', async t => {
  const stage = await createStage(t)
  const env = { HTTP_PROXY: 'http://u:secret@127.0.0.1:1', HTTPS_PROXY: 'http://127.0.0.1:1' }
  for (const scheme of ['http', 'https']) {
    const { stderr } = await stage.dispatch(['get', 'images', '--host', 'solo.test', '--scheme', scheme], { env })
    t.regex(stderr, /: proxy 127\.0\.0\.1:1: .*ECONNREFUSED.*; see HTTPS_PROXY, HTTP_PROXY and NO_PROXY\n$/)
    t.false(stderr.includes('secret'))
  }
})

test('what is no HTTP, or ends too early, says so', async t => {
  const stage = await createStage(t)
  for (const [says, message] of [
    ['SSH-2.0-OpenSSH\r\n', /: what answers there does not speak HTTP; see --host and --port\n$/],
    ['', /: EOF; the connection ended before the answer did/],
    ['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[', /: EOF; the connection ended before the answer did/],
  ] as const) {
    const { silent, port } = await startSilence(t)
    silent.on('connection', socket => socket.once('data', () => socket.end(says)))
    t.regex((await stage.dispatch(['get', 'images', '--port', port])).stderr, message)
  }
})

test('names travel percent-encoded', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: {} }))
  await stage.dispatch(['get', 'image', 'a/b c'])
  t.is(stage.asked[0]?.url, '/v1/image/a%2Fb%20c')
})
