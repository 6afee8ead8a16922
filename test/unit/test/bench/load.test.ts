import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import test, { type ExecutionContext } from 'ava'
import { applyLoad, type Load, prepareRequest, type Target } from '../../../bench/load.ts'

type Answerer = (request: IncomingMessage, response: ServerResponse, call: number) => void

/** A server that calls `answer` with the number of the request once it has been read. */
async function serve(t: ExecutionContext, answer: Answerer): Promise<Target> {
  let calls = 0
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      calls += 1
      answer(request, response, calls)
    })
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  t.teardown(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { port, request: prepareRequest('/', { cookie: 'a' }, '{}'), contains: 'good' }
}

const calls = (count: number, connections = 4): Load => ({ connections, goesOn: done => done < count })

test('each call is timed, on as many connections as asked for', async t => {
  const ports = new Set<number | undefined>()
  const target = await serve(t, (request, response) => {
    ports.add(request.socket.remotePort)
    response.end('good')
  })
  const { latenciesMs, perSecond, ownCpuMicroseconds } = await applyLoad(target, calls(500))
  // Those under way when it is enough are waited for.
  t.true(latenciesMs.length >= 500 && latenciesMs.length < 504)
  t.deepEqual(
    [...latenciesMs],
    [...latenciesMs].sort((a, b) => a - b),
  )
  t.is(ports.size, 4)
  t.true(perSecond > 0 && ownCpuMicroseconds > 0)
})

test('answers that come in pieces are put together', async t => {
  const target = await serve(t, (_, response) => {
    response.setHeader('content-length', 300_000)
    response.write('good')
    response.end('x'.repeat(299_996))
  })
  const { latenciesMs } = await applyLoad(target, calls(10, 2))
  t.true(latenciesMs.length >= 10)
})

const spoiled: [string, Answerer, RegExp][] = [
  [
    'another status',
    (_, response, call) => response.writeHead(call > 50 ? 503 : 200, { 'content-length': 4 }).end('good'),
    /HTTP 503/,
  ],
  ['another length', (_, response, call) => response.end(call > 50 ? 'good!' : 'good'), /lacks|another length/],
  ['another content', (_, response, call) => response.end(call > 50 ? 'evil' : 'good'), /lacks good/],
  [
    'a closed connection',
    (request, response, call) => (call > 50 ? request.socket.end() : response.end('good')),
    /closed/,
  ],
]
for (const [what, answer, message] of spoiled) {
  test(`${what} ends the load with an error`, async t => {
    const target = await serve(t, answer)
    await t.throwsAsync(applyLoad(target, calls(10_000)), { message })
  })
}
