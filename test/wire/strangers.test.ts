/** What a server that asks for credentials tells those whom it does not know: nothing of what it is made of. */
import { Readable } from 'node:stream'
import test from 'ava'
import { giveToken } from '../helpers/credentials.ts'
import { createTestApp } from '../helpers/test-app.ts'

const version = {
  ...{ version: 'v7.8.9-solo', commit: 'c0ffee77', buildDate: '2026-01-02', goVersion: 'v24.99.1', compiler: 'v8-99' },
  platform: 'linux/zxy',
}
const authReason = 'set by file /etc/c0nf.yaml'
const hidden = Object.fromEntries(Object.keys(version).map(name => [name, 'hidden']))

const openRequired = (t: Parameters<typeof createTestApp>[0]) =>
  createTestApp(t, {}, { auth: 'required', authReason, version })

/** As the original's command line asks: without any credential, and without an organization. */
const nobody = { cookie: '', 'x-dispatch-org': '' }
const wrong = { cookie: '', authorization: 'Bearer dst_wrong' }

test('strangers get the version that clients need, without what it is', async t => {
  const { call } = await openRequired(t)
  for (const headers of [nobody, wrong, { cookie: 'unset' }]) {
    t.like(await call('GET', '/v1/version', undefined, headers), { status: 200, body: hidden })
    t.like(await call('GET', '/healthz', undefined, headers), {
      status: 200,
      body: { version: hidden, auth: 'required', authReason: undefined },
    })
  }
})

test('whom the server knows it tells its version, with an organization or without', async t => {
  const { call, store } = await openRequired(t)
  const headers = { cookie: '', ...(await giveToken(store, { subject: 'jon' })) }
  for (const org of ['', 'dispatch', 'none']) {
    const asked = { ...headers, 'x-dispatch-org': org }
    t.deepEqual((await call('GET', '/v1/version', undefined, asked)).body, version)
    t.deepEqual((await call('GET', '/healthz', undefined, asked)).body, { version, auth: 'required', authReason })
  }
})

test('where any credential counts, everybody is told', async t => {
  const { app, call } = await createTestApp(t, {}, { version })
  t.deepEqual((await call('GET', '/v1/version', undefined, nobody)).body, version)
  t.deepEqual((await call('GET', '/healthz', undefined, nobody)).body, { version, auth: 'open' })
  t.is((await app.api.inject({ method: 'GET', url: '/metrics' })).statusCode, 200)
})

test('of what fails strangers get that it does, not the paths and addresses of the cause', async t => {
  const { call, docker, store } = await openRequired(t)
  docker.version = () => Promise.reject(new Error('Docker at unix:///secret/docker.sock is not running'))
  const told = await call('GET', '/healthz', undefined, nobody)
  t.deepEqual([told.status, told.body.docker], [503, 'it does not answer'])
  const known = await call('GET', '/healthz', undefined, {
    cookie: '',
    ...(await giveToken(store, { subject: 'jon' })),
  })
  t.regex(known.body.docker, /docker\.sock/)
})

test('nothing that anybody may ask for tells which release this is, nor how busy it is', async t => {
  const { app } = await openRequired(t)
  const paths = app.operations
    .filter(({ method, path }) => method === 'GET' && !path.includes('{'))
    .map(({ path }) => path)
  const facts = Object.values(version)
  for (const url of [...paths, '/none', '/v1/none']) {
    const { statusCode, body, headers } = await app.api.inject({ method: 'GET', url })
    const told = body + JSON.stringify(headers)
    t.deepEqual(
      facts.filter(fact => told.includes(fact)),
      [],
      url,
    )
    t.deepEqual(
      Object.keys(headers).filter(name => ['server', 'x-powered-by', 'via'].includes(name)),
      [],
      url,
    )
    if (url === '/metrics') t.is(statusCode, 401)
  }
})

test('no stranger has a large body read by an operation', async t => {
  const { app } = await openRequired(t)
  const payload = 'x'.repeat(100 * 1024)
  const headers = { 'content-type': 'application/json' }
  for (const { id, method, path, access, anyRequest } of app.operations) {
    if (method === 'GET' && !anyRequest) continue
    const sent = { method: anyRequest ? 'POST' : method, url: path, headers } as const
    const expected = access === 'public' ? 413 : access === 'driver' ? 422 : 401
    t.is((await app.api.inject({ ...sent, payload })).statusCode, expected, id)
    // As chunks, which tell no length beforehand.
    const chunked = { ...sent, headers: { ...headers, 'transfer-encoding': 'chunked' } }
    t.is((await app.api.inject({ ...chunked, payload: Readable.from([payload]) })).statusCode, expected, id)
  }
})

test('a body that no operation takes is not read', async t => {
  const { app } = await createTestApp(t, {}, { maxBodyBytes: 10 })
  for (const [url, status] of [
    ['/nowhere', 404],
    ['/v1/version', 405],
  ] as const)
    t.is((await app.api.inject({ method: 'POST', url, payload: 'x'.repeat(100) })).statusCode, status)
})
