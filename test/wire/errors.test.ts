/** Every refusal of the REST edge: status, code and text, and the order in which checks are made. */
import { readFileSync } from 'node:fs'
import test from 'ava'
import { createTestApp, seed } from '../helpers/test-app.ts'

type Text = string | { pattern: string }
type Case = [string, string, string, unknown, Record<string, string>, number, number, Text]

/** Rows of: title, method, URL, body (null: none), headers that differ, status, code, message. */
const cases: Case[] = JSON.parse(readFileSync(new URL('../fixtures/refusals.json', import.meta.url), 'utf8'))
const base = { name: 'b', dockerUrl: 'd', language: 'l' }

for (const [title, method, url, body, headers, status, code, message] of cases) {
  test(title, async t => {
    const { app } = await createTestApp(t)
    const payload = body === null ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }
    const type = body === null ? {} : { 'content-type': 'application/json' }
    const sent = { cookie: 'cookie', 'x-dispatch-org': 'dispatch', ...type, ...headers }
    const response = await app.api.inject({ method: method as 'GET', url, headers: sent, ...payload })
    t.is(response.statusCode, status)
    if (method === 'HEAD') return
    t.is(response.headers['content-type'], 'application/json')
    const answer = JSON.parse(response.body)
    t.is(answer.code, code)
    if (typeof message === 'string') t.is(answer.message, message)
    else t.regex(answer.message, new RegExp(message.pattern))
  })
}

test('an answer is JSON whatever the client accepts, and carries a request id', async t => {
  const { call } = await createTestApp(t)
  const { headers } = await call('GET', '/v1/function', undefined, { accept: 'text/html' })
  t.is(headers['content-type'], 'application/json')
  t.truthy(headers['x-request-id'])
})

test('keys match in any case, unknown keys and garbage after the value are ignored, a trailing slash is fine', async t => {
  const { call } = await createTestApp(t)
  const { status, body } = await call(
    'POST',
    '/v1/baseimage/',
    '{"NAME":"b","DockerURL":"d","language":"l","x":1} trailing',
    {
      'content-type': 'application/json; charset=utf-8',
    },
  )
  t.is(status, 201)
  t.is(body.dockerUrl, 'd')
})

test('a name cannot be changed', async t => {
  const app = await createTestApp(t)
  await seed(app)
  const { status, body } = await app.call('PUT', '/v1/baseimage/nodejs-base', { ...base, name: 'other' })
  t.deepEqual([status, body.code], [400, 400])
})

test('what a client got can be sent back as it is', async t => {
  const app = await createTestApp(t)
  await seed(app)
  for (const url of ['/v1/baseimage/nodejs-base', '/v1/image/nodejs']) {
    const { body } = await app.call('GET', url)
    t.is((await app.call('PUT', url, body)).status, 200)
    await app.reach(url, 'READY')
  }
})

test('organizations do not see one another', async t => {
  const app = await createTestApp(t)
  await seed(app)
  const other = { 'x-dispatch-org': 'other' }
  t.deepEqual((await app.call('GET', '/v1/image', undefined, other)).body, [])
  t.is((await app.call('GET', '/v1/image/nodejs', undefined, other)).status, 404)
})
