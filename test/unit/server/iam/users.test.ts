/** Users and their logins, by REST. */
import test from 'ava'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import { createTestApp, type TestApp } from '../../../helpers/test-app.ts'

const hashParameters = { memoryKibibytes: 64, passes: 1, lanes: 1 }
const password = 'winter is not coming yet'
const refused = {
  code: 401,
  message: 'the user or the password is wrong: try again, or ask who manages the users for a new password',
}

const login = ({ call }: TestApp, user: string, secret: string) =>
  call('POST', '/v1/iam/login', { user, password: secret }, { cookie: '', 'x-dispatch-org': '' })

test('a new server has no users, accounts, policies or tokens, and lets nobody in', async t => {
  const { call, store } = await createTestApp(t, {}, { hashParameters, auth: 'required' })
  for (const kind of ['User', 'ServiceAccount', 'Policy', 'Token', 'Session'] as const)
    t.deepEqual(await store.collection(kind).list(), [], kind)
  for (const user of ['admin', 'root', 'dispatch'])
    t.is((await call('POST', '/v1/iam/login', { user, password: user }, { cookie: '' })).status, 401)
})

test('a user is made, shown, listed and deleted, and its password never shown', async t => {
  const { call, store } = await createTestApp(t, {}, { hashParameters })
  const made = await call('POST', '/v1/iam/user', {
    name: 'jon@example.com',
    password,
    tags: [{ key: 'a', value: 'b' }],
  })
  t.is(made.status, 201)
  t.like(made.body, { kind: 'User', name: 'jon@example.com', hasPassword: true, status: 'READY' })
  const shown = await call('GET', '/v1/iam/user/jon@example.com')
  const list = await call('GET', '/v1/iam/user', undefined, { 'x-dispatch-org': 'another' })
  t.deepEqual(list.body, [shown.body])
  for (const { text } of [made, shown, list]) t.notRegex(text, /winter|argon2/)
  t.regex(JSON.stringify(await store.collection('User').list()), /"passwordHash":"\$argon2id\$/)
  t.is((await call('DELETE', '/v1/iam/user/jon@example.com')).status, 200)
  t.is((await call('GET', '/v1/iam/user/jon@example.com')).status, 404)
})

for (const [body, status, message] of [
  [{ name: 'jon', password: 'short' }, 400, 'the password was refused: it has fewer than 12 characters'],
  [{ name: 'jon/snow', password }, 422, /^name should start with a letter or number/],
  [{ name: 'oidc:jon', password }, 422, /^name should start with a letter or number, not with oidc:/],
  [{ name: '', password }, 422, /^name /],
  [{ password }, 422, 'name in body is required'],
  [{ name: 'jon', password: 'x'.repeat(2000) }, 422, /^password in body should be at most 1024 chars long/],
] as const)
  test(`refused: ${JSON.stringify(body).slice(0, 60)}`, async t => {
    const { call } = await createTestApp(t, {}, { hashParameters })
    const answer = await call('POST', '/v1/iam/user', body)
    t.is(answer.status, status)
    t.regex(answer.body.message, message instanceof RegExp ? message : new RegExp(`^${message}$`))
    t.false(answer.text.includes('winter'))
  })

test('a password lets in; a wrong one, that of nobody, and none at all are refused in the same words', async t => {
  const app = await createTestApp(t, {}, { hashParameters })
  await app.call('POST', '/v1/iam/user', { name: 'jon', password })
  await app.call('POST', '/v1/iam/user', { name: 'arya' })
  const { status, headers, body } = await login(app, 'jon', password)
  t.is(status, 200)
  t.is(headers['cache-control'], 'no-store')
  t.is(body.user, 'jon')
  t.regex(body.token, /^dss_/)
  for (const [user, secret] of [
    ['jon', 'winter is coming'],
    ['jon', ''],
    ['nobody', password],
    ['arya', ''],
    ['arya', password],
  ] as const)
    t.deepEqual([(await login(app, user, secret)).body], [refused], user)
})

test('a changed password ends the sessions; other changes keep both', async t => {
  const app = await createTestApp(t, {}, { hashParameters })
  await app.call('POST', '/v1/iam/user', { name: 'jon', password })
  await login(app, 'jon', password)
  const sessions = async () => (await app.store.collection('Session').list()).length
  const tagged = await app.call('PUT', '/v1/iam/user/jon', { name: 'jon', tags: [{ key: 'a', value: 'b' }] })
  t.like(tagged.body, { hasPassword: true, tags: [{ key: 'a', value: 'b' }] })
  t.is((await login(app, 'jon', password)).status, 200)
  t.is(await sessions(), 2)
  t.is((await app.call('PUT', '/v1/iam/user/jon', { name: 'jon', password: 'the north remembers' })).status, 200)
  t.is(await sessions(), 0)
  t.is((await login(app, 'jon', password)).status, 401)
  t.is((await login(app, 'jon', 'the north remembers')).status, 200)
})

test('the sessions of a user end with it', async t => {
  const app = await createTestApp(t, {}, { hashParameters })
  await app.call('POST', '/v1/iam/user', { name: 'jon', password })
  await login(app, 'jon', password)
  await app.call('DELETE', '/v1/iam/user/jon')
  t.deepEqual(await app.store.collection('Session').list(), [])
})

test('after some failures the answer says when to try again, for users that do not exist too', async t => {
  const app = await createTestApp(t, {}, { hashParameters })
  await app.call('POST', '/v1/iam/user', { name: 'jon', password })
  for (const user of ['jon', 'nobody']) {
    const statuses: number[] = []
    for (let tries = 0; tries < 7; tries += 1) statuses.push((await login(app, user, 'wrong')).status)
    t.deepEqual(statuses, [401, 401, 401, 401, 401, 401, 429])
    const locked = await login(app, user, password)
    t.is(locked.body.message, 'too many failed logins; try again in 1 s')
    t.is(locked.headers['retry-after'], '1')
  }
})

test('whoever guesses keeps nobody from the login where they have logged in before', async t => {
  const app = await createTestApp(t, {}, { hashParameters })
  await app.call('POST', '/v1/iam/user', { name: 'jon', password })
  await login(app, 'jon', password)
  const guess = () =>
    app.app.api.inject({
      ...{ method: 'POST', url: '/v1/iam/login', remoteAddress: '10.6.6.6' },
      payload: { user: 'jon', password: 'wrong' },
    })
  for (let tries = 0; tries < 6; tries += 1) await guess()
  t.is((await guess()).statusCode, 429)
  t.is((await login(app, 'jon', password)).status, 200)
})

test('a password that was kept by older parameters is kept by those of today after a login', async t => {
  const store = createMemoryStore()
  const old = await createTestApp(t, {}, { hashParameters, store })
  await old.call('POST', '/v1/iam/user', { name: 'jon', password })
  const app = await createTestApp(t, {}, { hashParameters: { ...hashParameters, passes: 2 }, store })
  t.is((await login(app, 'jon', password)).status, 200)
  t.regex(JSON.stringify(await app.store.collection('User').list()), /m=64,t=2,p=1/)
  t.is((await login(app, 'jon', password)).status, 200)
})
