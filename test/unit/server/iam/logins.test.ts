/** What a session is good for, where callers have to say who they are. */
import test, { type ExecutionContext } from 'ava'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import { createTestApp, type TestApp } from '../../../helpers/test-app.ts'

const hashParameters = { memoryKibibytes: 64, passes: 1, lanes: 1 }
const password = 'winter is not coming yet'

/** A server that asks, with users made while it did not; a rule of a policy lets `jon` read functions. */
async function createAsking(t: ExecutionContext) {
  const store = createMemoryStore()
  const open = await createTestApp(t, {}, { hashParameters, store })
  for (const name of ['jon', 'arya']) await open.call('POST', '/v1/iam/user', { name, password })
  const rule = { subjects: ['jon'], actions: ['get'], resources: ['function'] }
  const makers = { subjects: ['jon'], actions: ['create'], resources: ['iam'] }
  await open.call('POST', '/v1/iam/policy', { name: 'readers', rules: [rule, makers] })
  const again = () => createTestApp(t, {}, { hashParameters, auth: 'required', store })
  const app = await again()
  const as = (token: string, on = app) => ({
    call: (method: string, url: string, body?: unknown, headers = {}) =>
      on.call(method, url, body, { cookie: '', authorization: `Bearer ${token}`, ...headers }),
  })
  return { store, again, app, as, logIn: (user: string) => logIn(app, user) }
}

async function logIn({ call }: TestApp, user: string, secret = password): Promise<string> {
  const { body } = await call('POST', '/v1/iam/login', { user, password: secret }, { cookie: '', 'x-dispatch-org': '' })
  return body.token
}

test('a session may do what policies allow its user, by either header, and nothing else', async t => {
  const { app, as, logIn } = await createAsking(t)
  const token = await logIn('jon')
  t.is((await as(token).call('GET', '/v1/function')).status, 200)
  for (const cookie of [token, `a=b; session=${token}`])
    t.is((await app.call('GET', '/v1/function', undefined, { cookie })).status, 200, cookie)
  t.is((await as(token).call('GET', '/v1/secret')).status, 403)
  t.is((await as(await logIn('arya')).call('GET', '/v1/function')).status, 403)
  t.is((await as(`${token}x`).call('GET', '/v1/function')).status, 401)
})

test('one sees and ends the own sessions, and those alone', async t => {
  const { as, logIn } = await createAsking(t)
  const [one, two, other] = [await logIn('jon'), await logIn('jon'), await logIn('arya')]
  const { body: list, text } = await as(one).call('GET', '/v1/iam/session')
  t.is(list.length, 2)
  t.like(list[0], { kind: 'Session', user: 'jon', method: 'password', address: '127.0.0.1' })
  for (const token of [one, two]) t.false(text.includes(token))
  const [{ id: foreign }] = (await as(other).call('GET', '/v1/iam/session')).body
  t.is((await as(one).call('DELETE', `/v1/iam/session/${foreign}`)).status, 404)
  t.is((await as(one).call('DELETE', '/v1/iam/session')).status, 204)
  t.is((await as(one).call('GET', '/v1/function')).status, 401)
  const [{ id }, ...rest] = (await as(two).call('GET', '/v1/iam/session')).body
  t.deepEqual(rest, [])
  t.is((await as(two).call('DELETE', `/v1/iam/session/${id}`)).status, 204)
  t.is((await as(two).call('GET', '/v1/function')).status, 401)
  t.is((await as(other).call('GET', '/v1/iam/session')).status, 200)
})

test('one changes the own password, for which the present one is asked', async t => {
  const { app, as, logIn: again } = await createAsking(t)
  const token = await again('jon')
  const change = (currentPassword: string, next: string) =>
    as(token).call('POST', '/v1/iam/password', { currentPassword, password: next })
  t.is((await change('wrong', 'the north remembers')).status, 401)
  t.is((await change(password, 'short')).status, 400)
  t.is((await as(token).call('GET', '/v1/function')).status, 200)
  t.is((await change(password, 'the north remembers')).status, 204)
  t.is((await as(token).call('GET', '/v1/function')).status, 401)
  t.falsy(await again('jon'))
  t.truthy(await logIn(app, 'jon', 'the north remembers'))
})

test('a session does not outlive its user, even where the server died before it was ended', async t => {
  const { store, as, logIn, again } = await createAsking(t)
  const [jon, arya] = [await logIn('jon'), await logIn('arya')]
  await store.collection('User').remove('', 'jon')
  const after = await again()
  const statusOf = async (token: string) => (await as(token, after).call('GET', '/home')).status
  t.deepEqual([await statusOf(jon), await statusOf(arya)], [401, 200])
})

test('a token that somebody else made for a user sees and ends none of its sessions, and guesses at no password', async t => {
  const { as, logIn } = await createAsking(t)
  const [jon, arya] = [await logIn('jon'), await logIn('arya')]
  const made = await as(jon).call('POST', '/v1/iam/token', { name: 'a', subject: 'arya', scope: [] })
  t.is(made.status, 201)
  const { call } = as(made.body.token)
  t.is((await call('GET', '/home')).status, 200)
  t.is((await call('GET', '/v1/iam/session')).status, 403)
  const [{ id }] = (await as(arya).call('GET', '/v1/iam/session')).body
  t.is((await call('DELETE', `/v1/iam/session/${id}`)).status, 403)
  const body = { currentPassword: password, password: 'the north remembers' }
  t.is((await call('POST', '/v1/iam/password', body)).status, 403)
  t.is((await as(arya).call('GET', '/home')).status, 200)
})

test('the same text in another header is another credential', async t => {
  const { app, as, logIn } = await createAsking(t)
  const token = await logIn('jon')
  t.is((await as(token).call('GET', '/home')).status, 200)
  t.is((await app.call('GET', '/home', undefined, { cookie: token })).status, 200)
  t.is((await app.call('GET', '/home', undefined, { cookie: '', authorization: token })).status, 401)
})

test('who may do nothing does not learn which organizations there are, nor is let in by a path that is none', async t => {
  const { as, logIn } = await createAsking(t)
  const { call } = as(await logIn('arya'))
  const ask = (org: string, path: string) =>
    call('GET', '/v1/iam/auth', undefined, { 'x-dispatch-org': org, 'x-auth-request-redirect': path })
  for (const org of ['dispatch', 'no-such-one']) t.is((await ask(org, '/v1/function')).status, 403, org)
  t.is((await ask('dispatch', '/')).status, 202)
  t.is((await ask('dispatch', 'http://[')).status, 403)
})

test('to guess the present password by changing it is counted as a login', async t => {
  const { as, logIn } = await createAsking(t)
  const token = await logIn('jon')
  const statuses: number[] = []
  for (let tries = 0; tries < 7; tries += 1) {
    const body = { currentPassword: 'wrong', password: 'the north remembers' }
    statuses.push((await as(token).call('POST', '/v1/iam/password', body)).status)
  }
  t.deepEqual(statuses.slice(-2), [401, 429])
})

test('to manage users takes a policy that is global', async t => {
  const store = createMemoryStore()
  const open = await createTestApp(t, {}, { hashParameters, store })
  for (const name of ['jon', 'arya']) await open.call('POST', '/v1/iam/user', { name, password })
  const rules = (subject: string) => [{ subjects: [subject], actions: ['*'], resources: ['*'] }]
  await open.call('POST', '/v1/iam/policy', { name: 'here', rules: rules('jon') })
  await open.call('POST', '/v1/iam/policy', { name: 'everywhere', global: true, rules: rules('arya') })
  const app = await createTestApp(t, {}, { hashParameters, auth: 'required', store })
  const take = async (user: string) => {
    const headers = { cookie: await logIn(app, user) }
    return (await app.call('PUT', '/v1/iam/user/arya', { name: 'arya', password: 'mine from now on' }, headers)).status
  }
  t.is(await take('jon'), 403)
  t.is(await take('arya'), 200)
})

test('who has no session has none to end', async t => {
  const { call } = await createTestApp(t)
  const text = {
    code: 403,
    message:
      'only who has logged in has sessions and a password of their own: dispatch login; tokens and certificates have none',
  }
  t.deepEqual((await call('DELETE', '/v1/iam/session')).body, text)
})
