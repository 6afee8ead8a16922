/** The four listeners: where each leads, what certificate they show, and how they end. */
import { once } from 'node:events'
import { request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import { connectAgent } from '../../../../provisioning/setup/agent.ts'
import { startListeners } from '../../../../provisioning/setup/listeners.ts'
import type { LiveIdentity } from '../../../../server/http/tls/identity.ts'
import { startFakeAgent } from '../../../helpers/fake-agent.ts'
import { makePair, shownBy } from '../../../helpers/tls-stage.ts'

async function createStage(t: ExecutionContext) {
  const agent = await startFakeAgent(t)
  let identity = await makePair('first.example')
  const followers: (() => void)[] = []
  const live: LiveIdentity = { current: () => identity, follow: onChange => void followers.push(onChange) }
  const listeners = await startListeners({
    agent: connectAgent({ socketPath: agent.socketPath }),
    nowMs: Date.now,
    log: { error: () => undefined },
    identity: live,
    host: '127.0.0.1',
    ports: { page: 0, redirect: 0, refusal: 0, refusalTls: 0 },
  })
  t.teardown(listeners.close)
  const [page = 0, redirect = 0, refusal = 0, refusalTls = 0] = listeners.servers.map(
    server => (server.address() as AddressInfo).port,
  )
  const replace = async (name: string) => {
    identity = await makePair(name)
    for (const follow of followers) follow()
  }
  return { agent, listeners, replace, ports: { page, redirect, refusal, refusalTls } }
}

async function ask(
  port: number,
  { host = '10.0.0.5:8443', isTls = false, path = '/v1/function', method = 'GET' } = {},
) {
  const send = isTls ? requestTls : requestPlain
  const asking = send({
    host: '127.0.0.1',
    port,
    path,
    method,
    headers: { host },
    rejectUnauthorized: false,
    agent: false,
  })
  asking.end()
  const [answer] = await once(asking, 'response')
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) }
}

test('plain HTTP leads to the page of the same host, for this time only', async t => {
  const { ports } = await createStage(t)
  const { status, headers } = await ask(ports.redirect, { host: 'Solo.example.com:80', path: '/a?b' })
  t.is(status, 307)
  t.is(headers.location, 'https://solo.example.com/')
  t.is(headers['cache-control'], 'no-store')
  t.is((await ask(ports.redirect, { host: '[::1]:80' })).headers.location, 'https://[::1]/')
  t.is((await ask(ports.redirect, { host: '"><script>' })).headers.location, 'https://127.0.0.1/')
})

test('API and gateway say that nobody has set this machine up, and where to', async t => {
  const { ports } = await createStage(t)
  const body = { code: 503, message: 'this appliance is not set up yet; claim it at https://10.0.0.5/' }
  for (const { port, isTls, method } of [
    { port: ports.refusal, isTls: false, method: 'GET' },
    { port: ports.refusalTls, isTls: true, method: 'POST' },
  ]) {
    const answer = await ask(port, { isTls, method })
    t.is(answer.status, 503)
    t.is(answer.headers['retry-after'], '30')
    t.is(answer.headers['content-type'], 'application/json')
    t.deepEqual(JSON.parse(answer.body), body)
  }
  t.notRegex((await ask(ports.refusal, { host: '"\\</script>' })).body, /script/)
})

test('another certificate is shown by page and API without a restart', async t => {
  const { ports, replace } = await createStage(t)
  t.is(await shownBy(ports.page), 'first.example')
  await replace('second.example')
  t.is(await shownBy(ports.page), 'second.example')
  t.is(await shownBy(ports.refusalTls), 'second.example')
})

test('an answer that is under way is given before the listeners end, and none begins after', async t => {
  const { agent, listeners, ports } = await createStage(t)
  agent.isMute = true
  const answer = ask(ports.page, { isTls: true, path: '/' })
  const [asked] = await once(listeners.page.server, 'request')
  t.is(asked.url, '/')
  const closed = listeners.close()
  await t.throwsAsync(ask(ports.redirect), { code: 'ECONNREFUSED' })
  await agent.close()
  t.is((await answer).status, 503)
  await closed
})

test('one address gets 24 connections, and others still get theirs', async t => {
  const { ports } = await createStage(t)
  const open = async (localAddress: string) => {
    const socket = connect({ host: '127.0.0.1', port: ports.redirect, localAddress })
    t.teardown(() => socket.destroy())
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    return socket
  }
  const sockets = await Promise.all(Array.from({ length: 24 }, () => open('127.0.0.1')))
  const surplus = await open('127.0.0.1')
  await once(surplus, 'close')
  t.true(sockets.every(socket => !socket.destroyed))
  const other = await open('127.0.0.2')
  other.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  const [answer] = await once(other, 'data')
  t.regex(String(answer), /^HTTP\/1\.1 307/)
})

test('headers beyond 16 kB are refused', async t => {
  const { ports } = await createStage(t)
  const answer = await ask(ports.page, { isTls: true, path: `/?${'x'.repeat(20_000)}` })
  t.is(answer.status, 431)
})
