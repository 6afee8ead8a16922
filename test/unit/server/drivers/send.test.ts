/** How programs of drivers hand events over: as CloudEvents 1.0, with their token, and with an end to their patience. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import { sendEvents } from '../../../../server/drivers/send.ts'

async function createStage(t: ExecutionContext, status: number, body = '') {
  const asked: { request: IncomingMessage; body: string }[] = []
  const server = createServer(async (request, response) => {
    asked.push({ request, body: await text(request) })
    response.writeHead(status).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { endpoint: { host: '127.0.0.1', port, token: 'secret-token' }, asked }
}

test('one event and a list of them say what they are; the token is no part of the URL', async t => {
  const { endpoint, asked } = await createStage(t, 200)
  await sendEvents(endpoint, '{"id":"ä"}')
  await sendEvents(endpoint, '[{"id":"1"}]')
  t.deepEqual(
    asked.map(({ request, body }) => [request.method, request.url, request.headers['content-type'], body]),
    [
      ['POST', '/v1/event/ingest', 'application/cloudevents+json', '{"id":"ä"}'],
      ['POST', '/v1/event/ingest', 'application/cloudevents-batch+json', '[{"id":"1"}]'],
    ],
  )
  t.is(asked[0]?.request.headers.authorization, 'Bearer secret-token')
})

test('what the server refuses is told in its words, and so is a server that is not there', async t => {
  const { endpoint } = await createStage(t, 401, '{"code":401,"message":"token not recognized"}')
  await t.throwsAsync(sendEvents(endpoint, '{}'), { message: /answered 401: .*token not recognized/ })
  await t.throwsAsync(sendEvents({ ...endpoint, host: '127.0.0.1', port: 1 }, '{}'), { message: /ECONNREFUSED/ })
})
