/** Requests that only a real socket can make: repeated headers, large headers, paths that are no paths. */
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import { createTestApp, type TestApp } from '../helpers/test-app.ts'

async function listen(t: ExecutionContext): Promise<TestApp & { port: number }> {
  const app = await createTestApp(t)
  await app.app.api.listen({ host: '127.0.0.1', port: 0 })
  const address = app.app.api.server.address()
  return { ...app, port: typeof address === 'object' && address ? address.port : 0 }
}

type Sent = { method?: string; path: string; headers: Record<string, string | string[]>; body?: string }

const send = (port: number, { method = 'GET', path, headers, body }: Sent): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const outgoing = request(
      { port, method, path, headers: { cookie: 'c', 'x-dispatch-org': 'o', ...headers } },
      answer => {
        text(answer).then(read => resolve({ status: answer.statusCode ?? 0, body: read }), reject)
      },
    )
    outgoing.once('error', reject)
    outgoing.end(body)
  })

test('the last of several organizations counts', async t => {
  const { port, store } = await listen(t)
  const headers = { 'x-dispatch-org': ['first', 'last'], 'content-type': 'application/json' }
  const body = JSON.stringify({ name: 'b', dockerUrl: 'd', language: 'l' })
  t.is((await send(port, { method: 'POST', path: '/v1/baseimage', headers, body })).status, 201)
  t.deepEqual(
    (await store.collection('BaseImage').list()).map(({ org }) => org),
    ['last'],
  )
})

test('a large header is taken, a path that is none is refused in the shape of every error', async t => {
  const { port } = await listen(t)
  t.is((await send(port, { path: '/v1/function', headers: { 'x-padding': 'x'.repeat(100_000) } })).status, 200)
  const refused = await send(port, { path: '/v1/function/%zz', headers: {} })
  t.deepEqual([refused.status, JSON.parse(refused.body).code], [400, 400])
})

test('health is told to whoever asks, by any method, with any body, under any path that begins like its own', async t => {
  const { port } = await listen(t)
  for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])
    for (const path of ['/healthz', '/healthz/', '/healthzzz', '/healthz/a/b?c=%zz']) {
      const headers = { cookie: '', 'x-dispatch-org': '', 'content-type': 'text/plain' }
      const body = method === 'POST' || method === 'PUT' ? 'x' : ''
      t.is((await send(port, { method, path, headers, body })).status, 200, `${method} ${path}`)
    }
})

test('a content type that is none is named as such', async t => {
  const { port } = await listen(t)
  const refused = await send(port, {
    method: 'POST',
    path: '/v1/function',
    headers: { 'content-type': 'foo' },
    body: '{}',
  })
  t.like(JSON.parse(refused.body), { code: 400 })
  t.regex(JSON.parse(refused.body).message, /^parsing Content-Type header from "foo" failed, because /)
})
