/** Recorded requests to the original's gateway, and the answers that clients know. */
import test, { type ExecutionContext } from 'ava'
import { comparable, loadCapture } from '../helpers/captures.ts'
import { answer, type Script } from '../helpers/fake-execution.ts'
import { type OpenGateway, openGateway } from '../helpers/gateway.ts'

const greet: Script = ({ payloadJson }) => {
  const { name = 'Noone', place = 'Nowhere' } = JSON.parse(payloadJson)
  return answer(JSON.stringify({ myField: `Hello, ${name} from ${place}` }))
}
const echo: Script = ({ contextJson, payloadJson }) =>
  answer(JSON.stringify({ context: JSON.parse(contextJson), params: JSON.parse(payloadJson) }))

async function openRecorded(t: ExecutionContext): Promise<OpenGateway> {
  const gateway = await openGateway(t, { 'hello-world': greet, 'node-echo-back': echo })
  for (const name of ['hello-world', 'node-echo-back']) await gateway.createFunction(name)
  const hello = { name: 'hello-api', function: 'hello-world', uris: ['/hello'] }
  await gateway.createApi({ ...hello, methods: ['post', 'get'], protocols: ['http', 'https'] })
  await gateway.createApi({ name: 'echo-api', function: 'node-echo-back', uris: ['/echo'] })
  return gateway
}

/** Sends what was recorded; the headers of the client that recorded it come along. */
async function resend({ send }: OpenGateway, number: string) {
  const [exchange] = loadCapture(number)
  if (!exchange) throw new Error(`capture ${number} is empty`)
  const { request, answer: expected } = exchange
  const { 'content-length': _, ...headers } = request.headers
  const body = request.body === '' ? {} : { body: request.body }
  return { expected, got: await send(request.method, request.url, { headers, ...body }) }
}

for (const [number, title] of [
  ['074', 'a query becomes the input'],
  ['076', 'a form becomes the input'],
  ['077', 'what is not JSON is refused'],
  ['079', 'a method that no API has is not found'],
] as const) {
  test(`capture ${number}: ${title}`, async t => {
    const { expected, got } = await resend(await openRecorded(t), number)
    t.is(got.status, expected.status)
    t.is(got.headers['content-type'], expected.headers['content-type'])
    t.is(got.headers['content-length'], expected.headers['content-length'])
    t.is(got.text, `${expected.body}\n`)
  })
}

test('capture 081: who does not wait gets an empty 200, and the function runs', async t => {
  const gateway = await openRecorded(t)
  const { expected, got } = await resend(gateway, '081')
  t.is(got.status, expected.status)
  t.is(got.headers['content-type'], undefined)
  t.is(got.text, '')
  const { body: runs } = await gateway.call('GET', '/v1/runs?functionName=hello-world')
  await gateway.reach(`/v1/runs/${runs[0].name}`, 'READY')
  t.false(Boolean(runs[0].blocking))
})

test('capture 091: the context says what was asked, and more than it did', async t => {
  const { expected, got } = await resend(await openRecorded(t), '091')
  t.is(got.status, expected.status)
  const { context, params } = JSON.parse(got.text)
  const { headers, host, remote_addr, request_id, ...asRecorded } = context.httpContext
  t.deepEqual(
    comparable(JSON.stringify({ context: { ...context, httpContext: asRecorded }, params })),
    comparable(expected.body),
  )
  t.like(headers, { 'x-foo': 'bar', 'content-type': 'application/json', 'user-agent': 'curl/7.88.1' })
  t.is(remote_addr, '127.0.0.1')
  t.is(host, '127.0.0.1')
  t.is(request_id, got.headers['x-request-id'])
})

test('capture 087: a function that failed is told, where the original answered an empty 200', async t => {
  const gateway = await openGateway(t, {
    raise: () => ({
      ok: false,
      error: { type: 'FunctionError', message: 'boom', stacktrace: ['secret/path.py'] },
      logs: { stdout: null, stderr: null },
    }),
  })
  await gateway.createFunction('raise')
  await gateway.createApi({ name: 'raise-api', function: 'raise', uris: ['/raise'], methods: ['get'] })
  const { got } = await resend(gateway, '087')
  t.is(got.status, 502)
  t.is(got.text, '{"message":"boom"}\n')
})
