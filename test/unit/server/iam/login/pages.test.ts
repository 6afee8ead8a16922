/** Logins by pages: what a browser is sent, and what others than that browser do not get. */
import test, { type ExecutionContext } from 'ava'
import { createTestApp, type TestApp } from '../../../../helpers/test-app.ts'

const hashParameters = { memoryKibibytes: 64, passes: 1, lanes: 1 }
const password = 'winter is not coming yet'
const target = 'http://127.0.0.1:4000/catcher/state'
const rd = `/v1/iam/redirect?${new URLSearchParams({ redirect: target })}`

/** Keeps cookies as a browser does, and follows nothing by itself. */
function createBrowser({ app }: TestApp) {
  const cookies = new Map<string, string>()
  const send = async (method: 'GET' | 'POST', url: string, form?: Record<string, string>) => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const payload = form && { payload: new URLSearchParams(form).toString() }
    const headers = { ...(cookie && { cookie }), ...(form && type) }
    const answer = await app.api.inject({ method, url, headers, ...payload })
    for (const { name, value } of answer.cookies) cookies.set(name, value)
    return answer
  }
  return {
    cookies,
    get: (url: string) => send('GET', url),
    post: (url: string, form: object) => send('POST', url, { formKey: cookies.get('dispatch-form') ?? '', ...form }),
  }
}

const fieldOf = (page: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''

async function createStage(t: ExecutionContext) {
  const app = await createTestApp(t, {}, { hashParameters })
  await app.call('POST', '/v1/iam/user', { name: 'jon', password })
  return { app, browser: createBrowser(app) }
}
const start = (place: string) => `/v1/iam/oauth2/start?${new URLSearchParams({ rd: place })}`

async function logIn(browser: ReturnType<typeof createBrowser>, place: string, secret = password) {
  const page = await browser.get(start(place))
  const form = { rd: place, formKey: fieldOf(page.body, 'formKey'), user: 'jon', password: secret }
  return browser.post('/v1/iam/oauth2/start', form)
}

test('the page has no script, loads nothing, is in no frame, and its form leads to the command line alone', async t => {
  const { browser } = await createStage(t)
  const { statusCode, headers, body, cookies } = await browser.get(start(rd))
  t.is(statusCode, 200)
  t.notRegex(body, /<script|<link|<img|<iframe| style=| on\w+=|url\(|@import/i)
  t.regex(
    String(headers['content-security-policy']),
    /^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' http:\/\/127\.0\.0\.1:4000$/,
  )
  t.like(headers, { 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
  t.like(cookies[0], { name: 'dispatch-form', httpOnly: true, sameSite: 'Strict', path: '/v1/iam' })
})

test('a login is handed over to the command line, once', async t => {
  const { app, browser } = await createStage(t)
  const entered = await logIn(browser, rd)
  t.is(entered.statusCode, 303)
  t.is(entered.headers.location, rd)
  t.like(entered.cookies[0], { name: 'dispatch-login', httpOnly: true, sameSite: 'Lax', path: '/v1/iam' })
  const handed = await browser.get(rd)
  const there = new URL(String(handed.headers.location))
  t.deepEqual([handed.statusCode, there.origin + there.pathname], [302, target])
  t.regex(there.searchParams.get('cookie') ?? '', /^dss_/)
  t.is((await app.store.collection('Session').list()).length, 1)
  const again = await browser.get(rd)
  t.deepEqual([again.statusCode, again.json()], [401, { code: 401, message: 'No Such Cookie' }])
})

test('it is good for no other place', async t => {
  const { app, browser } = await createStage(t)
  await logIn(browser, rd)
  for (const other of ['http://127.0.0.1:4001/catcher/state', 'http://127.0.0.1:4000/', 'https://evil.example/'])
    t.is((await browser.get(`/v1/iam/redirect?${new URLSearchParams({ redirect: other })}`)).statusCode, 401)
  t.deepEqual(await app.store.collection('Session').list(), [])
})

test('a wrong password is told on the page, and not repeated there', async t => {
  const { browser } = await createStage(t)
  const { statusCode, body } = await logIn(browser, rd, 'my "wrong" password')
  t.is(statusCode, 401)
  t.regex(body, /role="alert">the user or the password is wrong</)
  t.is(fieldOf(body, 'user'), 'jon')
  t.false(body.includes('wrong&quot;'))
  for (let tries = 0; tries < 6; tries += 1) await logIn(browser, rd, 'wrong')
  const locked = await logIn(browser, rd)
  t.is(locked.statusCode, 429)
  t.regex(locked.body, /too many failed logins; try again in \d+ s/)
  t.truthy(locked.headers['retry-after'])
})

test('a form of another site is refused: it has not the key of this browser', async t => {
  const { app, browser } = await createStage(t)
  const form = { rd, user: 'jon', password }
  t.is((await browser.post('/v1/iam/oauth2/start', form)).statusCode, 403)
  const foreign = fieldOf((await createBrowser(app).get(start(rd))).body, 'formKey')
  await browser.get(start(rd))
  for (const formKey of ['', foreign]) {
    const { statusCode, body } = await browser.post('/v1/iam/oauth2/start', { ...form, formKey })
    t.is(statusCode, 403)
    t.regex(body, /Please try again/)
  }
  t.is((await browser.get(rd)).statusCode, 401)
})

test('what is put into the page is text', async t => {
  const { browser } = await createStage(t)
  const page = await browser.get(start(rd))
  const user = '"><script>alert(1)</script>'
  const form = { rd, formKey: fieldOf(page.body, 'formKey'), user, password }
  const { body } = await browser.post('/v1/iam/oauth2/start', form)
  t.false(body.includes('<script>'))
  const device = await browser.get(`/v1/iam/device?${new URLSearchParams({ code: user })}`)
  t.false(device.body.includes('<script>'))
})

for (const place of [
  '',
  '/',
  'https://evil.example/',
  '/v1/iam/device?code=your account is blocked',
  '/v1/iam/redirect?redirect=https://evil.example/',
])
  test(`there is no login that leads to "${place}"`, async t => {
    const { browser } = await createStage(t)
    const { statusCode, body, headers } = await browser.get(start(place))
    t.is(statusCode, 400)
    t.regex(body, /Nothing to log in to here/)
    t.is(headers.location, undefined)
    t.is((await browser.post('/v1/iam/oauth2/start', { rd: place, user: 'jon', password })).statusCode, 400)
  })

async function beginDevice({ call }: TestApp) {
  const { body } = await call('POST', '/v1/iam/device/code', undefined, { cookie: '', 'x-dispatch-org': '' })
  const poll = () => call('POST', '/v1/iam/device/token', { deviceCode: body.deviceCode }, { cookie: '' })
  return { code: body.userCode as string, body, poll }
}

test('a device is let in by who sees its code, and gets its session once', async t => {
  const { app, browser } = await createStage(t)
  const { code, body, poll } = await beginDevice(app)
  t.regex(code, /^[B-Z]{4}-[B-Z]{4}$/)
  t.like(body, { verificationPath: '/v1/iam/device', expiresIn: 600 })
  t.is((await poll()).status, 400)
  t.regex((await browser.get('/v1/iam/device')).body, /name="code"/)
  const typed = `/v1/iam/device?code=${code.replace('-', '').toLowerCase()}`
  const sent = await browser.get(typed)
  t.is(sent.headers.location, start(`/v1/iam/device?code=${code}`))
  const entered = await logIn(browser, `/v1/iam/device?code=${code}`)
  t.is(entered.headers.location, `/v1/iam/device?code=${code}`)
  const confirm = await browser.get(typed)
  t.regex(confirm.body, new RegExp(`${code}</strong> and asks to act as <strong>jon`))
  t.is((await poll()).status, 400)
  t.regex((await browser.post('/v1/iam/device', { code, decision: 'allow' })).body, /The device is logged in/)
  t.like((await poll()).body, { user: 'jon' })
  t.is((await poll()).status, 401)
  t.is((await browser.post('/v1/iam/device', { code, decision: 'allow' })).statusCode, 403)
})

test('a device that is refused gets nothing; nobody decides without a login for it', async t => {
  const { app, browser } = await createStage(t)
  const [one, two] = [await beginDevice(app), await beginDevice(app)]
  t.is((await browser.post('/v1/iam/device', { code: one.code, decision: 'allow' })).statusCode, 403)
  await logIn(browser, `/v1/iam/device?code=${one.code}`)
  t.is((await browser.post('/v1/iam/device', { code: two.code, decision: 'allow' })).statusCode, 403)
  t.is((await two.poll()).status, 400)
  t.regex((await browser.post('/v1/iam/device', { code: one.code, decision: 'refuse' })).body, /The device was refused/)
  t.is((await one.poll()).status, 401)
})

for (const [title, method, body] of [
  ['another password', 'PUT', { name: 'jon', password: 'the north remembers' }],
  ['the removal of the user', 'DELETE', undefined],
] as const)
  test(`neither a login that waits to be handed over nor a device outlives ${title}`, async t => {
    const { app, browser } = await createStage(t)
    const { code, poll } = await beginDevice(app)
    await logIn(browser, `/v1/iam/device?code=${code}`)
    await browser.post('/v1/iam/device', { code, decision: 'allow' })
    await logIn(browser, rd)
    t.is((await app.call(method, '/v1/iam/user/jon', body)).status, 200)
    t.is((await browser.get(rd)).statusCode, 401)
    t.is((await poll()).status, 401)
    t.deepEqual(await app.store.collection('Session').list(), [])
  })

test('codes cannot be guessed for long', async t => {
  const { app, browser } = await createStage(t)
  const { code } = await beginDevice(app)
  const statuses = new Set<number>()
  for (let tries = 0; tries < 25; tries += 1)
    statuses.add((await browser.get('/v1/iam/device?code=BBBB-BBBB')).statusCode)
  t.deepEqual([...statuses], [404, 429])
  t.is((await browser.get(`/v1/iam/device?code=${code}`)).statusCode, 429)
  // Whatever made the browser ask.
  t.is((await logIn(browser, rd)).statusCode, 303)
})

test('a page of another site guesses no codes by images', async t => {
  const { app, browser } = await createStage(t)
  const { code } = await beginDevice(app)
  const url = `/v1/iam/device?code=${code}`
  for (let tries = 0; tries < 25; tries += 1) {
    const { statusCode, body } = await app.app.api.inject({ url, headers: { 'sec-fetch-dest': 'image' } })
    t.is(statusCode, 200)
    t.false(body.includes(code))
  }
  t.is((await browser.get(url)).statusCode, 303)
})

test('a device is let in by the page alone: who has the cookie of the login has not its key', async t => {
  const { app, browser } = await createStage(t)
  const { code, poll } = await beginDevice(app)
  await logIn(browser, `/v1/iam/device?code=${code}`)
  t.is((await browser.post('/v1/iam/device', { code, decision: 'allow', formKey: '' })).statusCode, 403)
  const confirm = await browser.get(`/v1/iam/device?code=${code}`)
  const form = { code, decision: 'allow', formKey: fieldOf(confirm.body, 'formKey') }
  t.is((await browser.post('/v1/iam/device', form)).statusCode, 200)
  t.is((await poll()).status, 200)
})

test('names and passwords that are longer than any are refused unseen', async t => {
  const { browser } = await createStage(t)
  const page = await browser.get(start(rd))
  const form = { rd, formKey: fieldOf(page.body, 'formKey') }
  const long = 'x'.repeat(2000)
  const statuses = new Set<number>()
  for (let tries = 0; tries < 25; tries += 1)
    for (const typed of [
      { user: long, password },
      { user: 'jon', password: long },
    ])
      statuses.add((await browser.post('/v1/iam/oauth2/start', { ...form, ...typed })).statusCode)
  t.deepEqual([...statuses], [401])
  t.is((await logIn(browser, rd)).statusCode, 303)
})

test('only so many devices wait at once', async t => {
  const { app } = await createStage(t)
  for (let count = 0; count < 20; count += 1) await beginDevice(app)
  const begin = (remoteAddress: string) =>
    app.app.api.inject({ method: 'POST', url: '/v1/iam/device/code', remoteAddress })
  for (let count = 0; count < 20; count += 1) await begin(`2001:db8::${count}`)
  t.is((await begin('2001:db8::ffff')).statusCode, 429)
  t.is((await begin('2001:db8:0:1::1')).statusCode, 200)
  const { status, headers } = await app.call('POST', '/v1/iam/device/code')
  t.deepEqual([status, headers['retry-after']], [429, '60'])
})

for (const url of ['/v1/iam/oauth2/start', '/v1/iam/device'])
  test(`${url} takes forms alone, and small ones`, async t => {
    const { app } = await createStage(t)
    const send = (type: string, payload: string) =>
      app.app.api.inject({ method: 'POST', url, headers: { 'content-type': type }, payload })
    t.is((await send('application/json', '{}')).statusCode, 415)
    t.is((await send('text/plain', 'a=b')).statusCode, 415)
    t.is((await send('application/x-www-form-urlencoded', `a=${'b'.repeat(20_000)}`)).statusCode, 413)
  })
