/** One request to a server that may mean harm: it ends, and holds no more than it may. */
import { createServer, type Socket } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { exchange } from '../../../../../server/engine/http/exchange.ts'

/** Says what it likes to whoever connects. Resolves with its URL. */
async function sayTo(t: ExecutionContext, say: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => say(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
}

const never = new AbortController().signal
const ask = (url: string, bodyTimeoutMs = 60_000, signal = never) =>
  exchange({ url, body: '{}', maxBytes: 6 * 2 ** 20, bodyTimeoutMs, signal })

/** Without end, as fast as it is taken. */
function repeat(socket: Socket, text: string, begin = ''): void {
  socket.write(begin)
  const more = () => {
    while (socket.writable && socket.write(text));
  }
  socket.on('drain', more)
  more()
}

const head = 'HTTP/1.1 200 OK\r\n'

test('an answer of 5 MiB is read whole', async t => {
  const bytes = 5 * 2 ** 20
  const url = await sayTo(t, socket => socket.end(`${head}content-length: ${bytes}\r\n\r\n${'x'.repeat(bytes)}`))
  const got = await ask(url)
  t.is(got.kind === 'answer' && got.body.length, bytes)
})

for (const [harm, say, expected] of [
  ['a body without end', socket => repeat(socket, 'x'.repeat(65_536), `${head}\r\n`), 'too-long'],
  [
    'a body longer than it may be',
    socket => repeat(socket, 'x'.repeat(65_536), `${head}content-length: 9999999999\r\n\r\n`),
    'too-long',
  ],
  ['headers without end', socket => repeat(socket, `x-a: ${'y'.repeat(1000)}\r\n`, head), 'failed'],
  ['answers before the answer, without end', socket => repeat(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n'), 'failed'],
  ['another protocol', socket => socket.end('220 ready\r\n'), 'failed'],
  [
    'another protocol that it changes to',
    socket => socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    'failed',
  ],
  ['no word', socket => socket.destroy(), 'failed'],
  ['half a body', socket => socket.end(`${head}content-length: 10\r\n\r\nhalf`), 'failed'],
  ['chunks that are none', socket => socket.end(`${head}transfer-encoding: chunked\r\n\r\nzz\r\n`), 'failed'],
] as [string, (socket: Socket) => unknown, string][]) {
  test(`a server that means harm is left: ${harm}`, async t => {
    const got = await ask(await sayTo(t, socket => void say(socket)))
    t.is(got.kind, expected as typeof got.kind)
  })
}

test('a body that does not end in time is given up', async t => {
  const url = await sayTo(t, socket => socket.write(`${head}content-length: 10\r\n\r\nhalf`))
  const got = await ask(url, 50)
  t.is(got.kind === 'failed' && got.cause, 'its answer did not end within 0.05 s')
})

test('an answer that does not begin is waited for until somebody ends it', async t => {
  const controller = new AbortController()
  const url = await sayTo(t, () => controller.abort(new Error('enough')))
  const got = await ask(url, 60_000, controller.signal)
  t.is(got.kind === 'failed' && got.cause, 'enough')
})

test('redirections are not followed', async t => {
  const url = await sayTo(t, socket => socket.end('HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n'))
  const got = await ask(url)
  t.is(got.kind === 'answer' && got.status, 302)
})

test('where nobody listens nothing was reached', async t => {
  t.is((await ask('http://127.0.0.1:1/')).kind, 'unreached')
})
