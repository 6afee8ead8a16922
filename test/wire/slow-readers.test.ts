/** Who reads slowly: an answer that nobody takes is given up, one that is yet to come never. */
import { connect } from 'node:net'
import test from 'ava'
import { closing, head, listen } from '../helpers/listening-api.ts'
import { until } from '../helpers/wait.ts'

test('a client that does not take its answer is cut, also when it asked for another one before', async t => {
  const json = `"${'x'.repeat(64 * 1024 * 1024)}"`
  const { promise: isReady, resolve: ready } = Promise.withResolvers<void>()
  const handles = [() => isReady.then(() => ({ status: 200, json: '1' })), async () => ({ status: 200, json })]
  const { app, port } = await listen(t, { handle: async () => (await handles.shift()?.()) ?? { status: 500 } })
  const count = () =>
    new Promise<number>(resolve => app.server.getConnections((_, connections) => resolve(connections)))
  const idle = connect({ host: '127.0.0.1', port })
  t.teardown(() => idle.destroy())
  idle.write(head('GET /v1/function HTTP/1.1').repeat(2))
  await until('both are asked for', async () => handles.length === 0)
  setImmediate(ready)
  t.true(await until('it was cut', async () => (await count()) === 0, 30_000))
})

test('an answer whose pieces come slowly is not cut', async t => {
  const { promise: end, resolve } = Promise.withResolvers<void>()
  async function* pieces() {
    yield 'a'
    await end
    yield 'b'
  }
  const reply = { status: 200, content: { type: 'text/plain', pieces: pieces() } }
  const { open } = await listen(t, { handle: async () => reply })
  const { answer } = open(head('GET /v1/function HTTP/1.1', closing))
  // Each is cut only when a reader would have been.
  for (const _ of [1, 2, 3]) t.regex(await open('GET ').answer, /^HTTP\/1.1 408 /)
  resolve()
  t.regex(await answer, /\r\na\r\n1\r\nb\r\n0\r\n\r\n$/)
})
