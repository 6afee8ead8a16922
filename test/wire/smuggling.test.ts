/** No listener takes one request for two, whatever a request says of its own length, nor waits for one that never ends. */
import test from 'ava'
import { type ListenerName, listenerNames, openAllListeners, statusesIn } from '../helpers/all-listeners.ts'

const hidden = 'GET /v1/hidden HTTP/1.1\r\nHost: localhost\r\n\r\n'
const chunkedBody = `0\r\n\r\n${hidden}`
const send =
  (...lines: string[]) =>
  (body: string) =>
    ['POST /healthz HTTP/1.1', 'Host: localhost', ...lines, '', body].join('\r\n')

/** What Node's parser must refuse, each with a body that holds another request. */
const attacks: readonly (readonly [title: string, bytes: string])[] = [
  ['a length beside chunks', send('Content-Length: 6', 'Transfer-Encoding: chunked')(chunkedBody)],
  ['chunks beside a length', send('Transfer-Encoding: chunked', 'Content-Length: 6')(chunkedBody)],
  ['a coding that is none', send('Transfer-Encoding: xchunked')(chunkedBody)],
  ['chunks that are not last', send('Transfer-Encoding: chunked, identity')(chunkedBody)],
  ['a coding beside chunks', send('Transfer-Encoding: chunked', 'Transfer-Encoding: cow')(chunkedBody)],
  ['a blank before the colon', send('Transfer-Encoding : chunked')(chunkedBody)],
  ['a folded header', send('Transfer-Encoding:', ' chunked')(chunkedBody)],
  ['a tab in front of a header', send('\tTransfer-Encoding: chunked')(chunkedBody)],
  ['a vertical tab in front of a header', send('\x0bTransfer-Encoding: chunked')(chunkedBody)],
  ['two lengths', send('Content-Length: 0', `Content-Length: ${hidden.length}`)(hidden)],
  ['a list of lengths', send('Content-Length: 0, 1')(hidden)],
  ...['+0', '-1', '0x0', '0 0', '', '1e1', '99999999999999999999'].map(
    length => [`the length "${length}"`, send(`Content-Length: ${length}`)(hidden)] as const,
  ),
  ['a bare line feed behind a header', `POST /healthz HTTP/1.1\r\nHost: localhost\nContent-Length: 0\r\n\r\n${hidden}`],
  ['a bare carriage return in a header', send('X-A: b\rContent-Length: 5')(hidden)],
  ['a NUL in a header', send('X-A: b\0c')(hidden)],
  ['a blank in the name of a header', send('X A: b')(hidden)],
  ...['0x0', '-1', '+0', '', 'g', 'FFFFFFFFFFFFFFFFF', '0;a=b\n'].map(
    size =>
      [
        `a chunk of size ${JSON.stringify(size)}`,
        send('Transfer-Encoding: chunked')(`${size}\r\n\r\n${hidden}`),
      ] as const,
  ),
  ['a chunk that ends in a line feed', send('Transfer-Encoding: chunked')(`1\r\na\n0\r\n\r\n${hidden}`)],
  ['a chunk that is longer than it says', send('Transfer-Encoding: chunked')(`1\r\nab\r\n0\r\n\r\n${hidden}`)],
  ['no host', `POST /healthz HTTP/1.1\r\nContent-Length: 0\r\n\r\n${hidden}`],
  ['a version that is none', `GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n${hidden}`],
  ['no version', `GET /healthz\r\n\r\n${hidden}`],
  ['the beginning of HTTP/2', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${hidden}`],
]

for (const name of listenerNames)
  test(`${name}: no request is taken for two`, async t => {
    const { open } = await openAllListeners(t)
    for (const [title, bytes] of attacks) {
      const answer = await open(name, bytes).answer
      // A request whose body turns out to be wrong may have been answered before.
      t.true(statusesIn(answer).filter(status => status !== 400).length <= 1, `${title}: ${answer}`)
    }
  })

/** The same requests without a fault: what the test above looks for is seen when it is there. */
for (const name of listenerNames)
  test(`${name}: requests that follow each other are answered each, and a body is no request`, async t => {
    const { open } = await openAllListeners(t)
    const last = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
    const followed = await open(name, send('Content-Length: 0')('') + last).answer
    t.is(statusesIn(followed).length, 2, followed)
    const inBody = await open(name, send(`Content-Length: ${hidden.length}`)(hidden) + last).answer
    t.is(statusesIn(inBody).length, 2, inBody)
  })

/** Long enough for a hundred handshakes on a busy machine. */
const limits = { maxHeaderBytes: 8192, arrivalMs: 5000, checkMs: 50, stallMs: 5000, idleMs: 5000 }

const slow: Record<string, string> = {
  'says nothing': '',
  'never ends its headers': 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n',
  'never ends its body': send(
    'Content-Type: application/json',
    'Content-Length: 100',
    'Cookie: c',
    'X-Dispatch-Org: o',
  )('{'),
  'asks once and then nothing': 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n',
}
for (const name of listenerNames)
  test(`${name}: whoever is slow is cut, and hinders nobody meanwhile`, async t => {
    const { open } = await openAllListeners(t, { limits })
    const slowOnes = Object.entries(slow).flatMap(([title, bytes]) =>
      Array.from({ length: 25 }, () => ({ title, ...open(name, bytes) })),
    )
    // A byte now and then keeps nobody alive.
    const dripping = setInterval(() => {
      for (const { title, socket } of slowOnes) if (title === 'never ends its headers') socket.write('x')
    }, 50)
    t.teardown(() => clearInterval(dripping))
    const quick = await open(name, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n').answer
    t.is(statusesIn(quick).length, 1)
    // Resolves when the last of them has been ended by the server.
    const answers = await Promise.all(slowOnes.map(({ answer }) => answer))
    t.is(answers.length, 100)
  })

const overTls: readonly ListenerName[] = ['api over TLS', 'gateway over TLS']
for (const name of overTls)
  test(`${name}: whoever never begins to speak TLS is cut`, async t => {
    const { connect } = await openAllListeners(t, { limits })
    const socket = connect(name)
    await new Promise(resolve => socket.resume().once('close', resolve))
    t.pass()
  })
