/** The listener of the driver `http`: who may send, and what is answered. */
import { once } from 'node:events'
import test, { type ExecutionContext } from 'ava'
import { createListener } from '../../../../../server/drivers/http/listener.ts'
import { loadSettings } from '../../../../../server/drivers/http/settings.ts'
import { renderSignature } from '../../../../../server/drivers/http/signature.ts'

async function createStage(t: ExecutionContext, { secret = '', fails = false } = {}) {
  const [sent, printed] = [[] as string[], [] as string[]]
  const send = async (json: string) => {
    if (fails) throw new Error('the server answered 503')
    sent.push(json)
  }
  const settings = loadSettings(['--dispatch-api-endpoint=h:1'], { WEBHOOK_SECRET: secret })
  const listener = createListener({ settings, send, print: line => printed.push(line) })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  t.teardown(() => {
    listener.close()
    listener.closeAllConnections()
  })
  const address = listener.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const post = (body: string | Uint8Array<ArrayBuffer>, headers = {}) =>
    fetch(`${url}/hook`, { method: 'POST', body, headers })
  return { url, post, sent, printed }
}

test('a POST is answered once the server has its event', async t => {
  const { post, sent } = await createStage(t)
  t.is((await post('{"a":1}', { 'content-type': 'application/json' })).status, 202)
  t.like(JSON.parse(sent[0] ?? ''), { type: 'http.post', subject: '/hook', data: { a: 1 } })
})

test('other methods are refused, and so is what is too large', async t => {
  const { url, post, sent } = await createStage(t)
  const answer = await fetch(url)
  t.deepEqual([answer.status, answer.headers.get('allow')], [405, 'POST'])
  const tooLarge = await post(new Uint8Array(11 * 1024 * 1024)).then(
    ({ status }) => status,
    () => 413,
  )
  t.is(tooLarge, 413)
  t.deepEqual(sent, [])
})

test('with a secret only bodies with their signature get in, as GitHub signs', async t => {
  const { post, sent } = await createStage(t, { secret: "It's a Secret to Everybody" })
  // From GitHub's documentation.
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
  t.is(renderSignature("It's a Secret to Everybody", Buffer.from('Hello, World!')), signature)
  t.is((await post('Hello, World!', { 'x-hub-signature-256': signature })).status, 202)
  for (const [body, headers] of [
    ['Hello, World?', { 'x-hub-signature-256': signature }],
    ['Hello, World!', { 'x-hub-signature-256': signature.toUpperCase() }],
    ['Hello, World!', { 'x-hub-signature-256': '' }],
    ['Hello, World!', {}],
  ] as const)
    t.is((await post(body, headers)).status, 401)
  t.is(sent.length, 1)
})

test('what the server does not take is to be sent again; why is printed, not told to the sender', async t => {
  const { post, printed } = await createStage(t, { fails: true })
  const answer = await post('x')
  t.is(answer.status, 502)
  t.truthy(answer.headers.get('retry-after'))
  t.false((await answer.text()).includes('503'))
  t.deepEqual(printed, ['an event was not taken: the server answered 503'])
})
