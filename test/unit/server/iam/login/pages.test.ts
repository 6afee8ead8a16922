/** Logins by pages: what a browser is sent, and what others than that browser do not get. */
import test from 'ava'
import {
  createBrowser,
  createLoginStage,
  fieldOf,
  logIn,
  password,
  rd,
  start,
  target,
} from '../../../../helpers/login-browser.ts'

test('the page has no script, loads nothing, is in no frame, and its form leads to the command line alone', async t => {
  const { browser } = await createLoginStage(t)
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

test('what is typed as the password is hidden, and may be pasted and filled in', async t => {
  const { browser } = await createLoginStage(t)
  const [, field = ''] = /(<input id="password"[^>]*>)/.exec((await browser.get(start(rd))).body) ?? []
  t.regex(field, / type="password"/)
  t.regex(field, / autocomplete="current-password"/)
})

test('a login is handed over to the command line, once', async t => {
  const { app, browser } = await createLoginStage(t)
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
  const { app, browser } = await createLoginStage(t)
  await logIn(browser, rd)
  for (const other of ['http://127.0.0.1:4001/catcher/state', 'http://127.0.0.1:4000/', 'https://evil.example/'])
    t.is((await browser.get(`/v1/iam/redirect?${new URLSearchParams({ redirect: other })}`)).statusCode, 401)
  t.deepEqual(await app.store.collection('Session').list(), [])
})

test('a wrong password is told on the page, and not repeated there', async t => {
  const { browser } = await createLoginStage(t)
  const { statusCode, body } = await logIn(browser, rd, 'my "wrong" password')
  t.is(statusCode, 401)
  t.regex(body, /role="alert">the user or the password is wrong: try again, /)
  t.is(fieldOf(body, 'user'), 'jon')
  t.false(body.includes('wrong&quot;'))
  for (let tries = 0; tries < 6; tries += 1) await logIn(browser, rd, 'wrong')
  const locked = await logIn(browser, rd)
  t.is(locked.statusCode, 429)
  t.regex(locked.body, /too many failed logins; try again in \d+ s/)
  t.truthy(locked.headers['retry-after'])
})

test('a form of another site is refused: it has not the key of this browser', async t => {
  const { app, browser } = await createLoginStage(t)
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
  const { browser } = await createLoginStage(t)
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
    const { browser } = await createLoginStage(t)
    const { statusCode, body, headers } = await browser.get(start(place))
    t.is(statusCode, 400)
    t.regex(body, /Nothing to log in to here/)
    t.is(headers.location, undefined)
    t.is((await browser.post('/v1/iam/oauth2/start', { rd: place, user: 'jon', password })).statusCode, 400)
  })

test('names and passwords that are longer than any are refused unseen', async t => {
  const { browser } = await createLoginStage(t)
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

for (const url of ['/v1/iam/oauth2/start', '/v1/iam/device'])
  test(`${url} takes forms alone, and small ones`, async t => {
    const { app } = await createLoginStage(t)
    const send = (type: string, payload: string) =>
      app.app.api.inject({ method: 'POST', url, headers: { 'content-type': type }, payload })
    t.is((await send('application/json', '{}')).statusCode, 415)
    t.is((await send('text/plain', 'a=b')).statusCode, 415)
    t.is((await send('application/x-www-form-urlencoded', `a=${'b'.repeat(20_000)}`)).statusCode, 413)
  })
