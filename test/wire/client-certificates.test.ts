/** The API over TLS for clients with certificates: who is let in, who is not, and what changes with the file of authorities. */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { Agent, request } from 'node:https'
import { connect } from 'node:tls'
import test, { type ExecutionContext } from 'ava'
import { connectionLimits, createListener } from '../../server/http/connections.ts'
import type { LiveIdentity, TlsIdentity } from '../../server/http/tls/identity.ts'
import { type Authority, createAuthority, type Wanted } from '../helpers/authority.ts'
import { giveAccount, givePolicy, giveToken } from '../helpers/credentials.ts'
import { createTestApp } from '../helpers/test-app.ts'
import { listenForTls, makePair, shake } from '../helpers/tls-stage.ts'
import { until } from '../helpers/wait.ts'

type Pair = { cert: string; key: string }

function createSwitched(first: TlsIdentity): LiveIdentity & { change(next: TlsIdentity): void } {
  const followers: (() => void)[] = []
  const held = { identity: first }
  return {
    current: () => held.identity,
    follow: onChange => void followers.push(onChange),
    change: next => {
      held.identity = next
      for (const onChange of followers) onChange()
    },
  }
}

async function open(
  t: ExecutionContext,
  clientCertificates: 'required' | 'optional',
  auth: 'open' | 'required' = 'open',
) {
  const authority = await createAuthority('ours')
  const pair = await makePair('solo.example')
  const identity = createSwitched({ ...pair, clientCa: authority.cert })
  const { app, store } = await createTestApp(t, {}, { tls: identity, clientCertificates, auth })
  const server = app.apiOverTls
  if (!server) throw new Error('there is no API over TLS')
  await app.api.ready()
  const port = await listenForTls(t, server)
  const call = (
    client?: Pair,
    headers: Record<string, string> = {},
    path = '/v1/version',
    agent: Agent | false = false,
  ): Promise<number> =>
    new Promise((resolve, reject) => {
      const common = { host: '127.0.0.1', port, path, headers, agent, rejectUnauthorized: false }
      const sent = request({ ...common, ...client }, answer => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      sent.once('error', reject)
      sent.end()
    })
  return { authority, call, port, store, trust: (cert: string) => identity.change({ ...pair, clientCa: cert }) }
}

const issueBy = (authority: Authority, wanted: Partial<Wanted> = {}): Promise<Pair> =>
  authority.issue({ commonName: 'jon', ...wanted })

const strangers: [who: string, make: (ours: Authority) => Promise<Pair>][] = [
  ['of another authority', async () => issueBy(await createAuthority('theirs'))],
  ['of another authority of the same name', async () => issueBy(await createAuthority('ours'))],
  ['that it made for itself', () => makePair('jon')],
  ['that has ended', ours => issueBy(ours, { days: -1 })],
  ['of a server', ours => issueBy(ours, { purpose: 'server' })],
]

for (const mode of ['required', 'optional'] as const) {
  test(`${mode}: who has a certificate of the authority is let in`, async t => {
    const { authority, call } = await open(t, mode)
    t.is(await call(await issueBy(authority)), 200)
  })

  for (const [who, make] of strangers)
    test(`${mode}: who has one ${who} is not`, async t => {
      const { authority, call } = await open(t, mode)
      await t.throwsAsync(call(await make(authority)))
    })
}

test('who has none is let in only where it is optional', async t => {
  const [required, optional] = [await open(t, 'required'), await open(t, 'optional')]
  await t.throwsAsync(required.call())
  t.is(await optional.call(), 200)
})

test('another file of authorities counts at once, also for a client that resumes its session', async t => {
  const { authority, call, trust, port } = await open(t, 'required')
  const client = await issueBy(authority)
  const first = await shake(port, { ...client, servername: 'solo.example' })
  const session = await new Promise<Buffer>(resolve => first.once('session', resolve))
  first.destroy()
  const resumed = await shake(port, { session, servername: 'solo.example' })
  t.true(resumed.isSessionReused())
  resumed.destroy()
  const next = await createAuthority('next')
  trust(next.cert)
  await t.throwsAsync(call(client))
  t.is(await call(await issueBy(next)), 200)
  const again = await shake(port, { session, servername: 'solo.example' }).catch(() => undefined)
  t.not(again?.isSessionReused(), true)
})

test('who is connected has to come again after another file of authorities', async t => {
  const { authority, call, trust } = await open(t, 'required')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  const client = await issueBy(authority)
  t.is(await call(client, {}, '/v1/version', agent), 200)
  t.is(await call(client, {}, '/v1/version', agent), 200)
  trust((await createAuthority('next')).cert)
  await t.throwsAsync(call(client, {}, '/v1/version', agent))
})

for (const running of ['a request that runs', 'an expectation'])
  test(`${running} ends where it was let in, and the next one on its connection is not begun`, async t => {
    const authority = await createAuthority('ours')
    const pair = await makePair('solo.example')
    const identity = createSwitched({ ...pair, clientCa: authority.cert })
    const begun: ServerResponse[] = []
    const server = createListener({
      ...{ limits: connectionLimits, nextRequestId: () => 'r', tls: { identity, clientCertificates: 'required' } },
      handle: (_, response) => void begun.push(response),
    })
    const socket = await shake(await listenForTls(t, server), await issueBy(authority))
    const expect = running === 'an expectation' ? 'expect: it\r\n' : ''
    const ask = () => socket.write(`GET / HTTP/1.1\r\nhost: x\r\n${expect}\r\n`)
    ask()
    const first = await until('it runs', async () => begun[0])
    identity.change({ ...pair, clientCa: (await createAuthority('next')).cert })
    const answered = once(socket, 'data')
    const ended = once(socket, 'close')
    first.end('ok')
    t.regex(String(await answered), / 200 OK/)
    ask()
    await ended
    t.is(begun.length, 1)
  })

test('nothing is done for whom a certificate of a stranger is shown, though its request comes along', async t => {
  const authority = await createAuthority('ours')
  const identity = createSwitched({ ...(await makePair('solo.example')), clientCa: authority.cert })
  let begun = 0
  const server = createListener({
    ...{ limits: connectionLimits, nextRequestId: () => 'r', tls: { identity, clientCertificates: 'optional' } },
    handle: (_, response) => {
      begun += 1
      response.end()
    },
  })
  const port = await listenForTls(t, server)
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...(await makePair('jon')) })
  socket.on('error', () => undefined)
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(socket, 'close')
  t.is(begun, 0)
})

test('the name in a certificate says who asks: a user, or a service account that is there', async t => {
  const { authority, call, store } = await open(t, 'optional', 'required')
  await givePolicy(store, { subjects: ['jon', 'dispatch/robot'], resources: ['function'], actions: ['get'] })
  await giveAccount(store, 'dispatch/robot')
  const inOrg = { 'x-dispatch-org': 'dispatch', cookie: 'cookie' }
  const ask = async (commonName: string, headers: Record<string, string> = inOrg, path = '/v1/function') =>
    call(await issueBy(authority, { commonName }), headers, path)
  t.is(await ask('jon'), 200)
  t.is(await ask('jon', inOrg, '/v1/secret'), 403)
  t.is(await ask('arya'), 403)
  t.is(await ask('dispatch/robot'), 200)
  t.is(await ask('dispatch/nobody'), 401)
  t.is(await call(undefined, inOrg, '/v1/function'), 401)
  t.is(await call(undefined, { ...inOrg, cookie: 'jon' }, '/v1/function'), 401)
  t.is(await ask('jon', { ...inOrg, authorization: 'Bearer dst_wrong' }), 401)
  t.is(await ask('arya', { ...inOrg, ...(await giveToken(store, { subject: 'jon' })) }), 200)
})
