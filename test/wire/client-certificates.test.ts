/** The API over TLS for clients with certificates: who is let in, who is not, and what changes with the file of authorities. */
import { request } from 'node:https'
import test, { type ExecutionContext } from 'ava'
import type { LiveIdentity, TlsIdentity } from '../../server/http/tls/identity.ts'
import { type Authority, createAuthority, type Wanted } from '../helpers/authority.ts'
import { giveAccount, givePolicy, giveToken } from '../helpers/credentials.ts'
import { createTestApp } from '../helpers/test-app.ts'
import { listenForTls, makePair, shake } from '../helpers/tls-stage.ts'

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
  const call = (client?: Pair, headers: Record<string, string> = {}, path = '/v1/version'): Promise<number> =>
    new Promise((resolve, reject) => {
      const common = { host: '127.0.0.1', port, path, headers, agent: false, rejectUnauthorized: false }
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
