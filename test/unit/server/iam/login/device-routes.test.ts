/** Logins of devices: who lets one in, and who does not. */
import test from 'ava'
import { beginDevice, createLoginStage, fieldOf, logIn, rd, start } from '../../../../helpers/login-browser.ts'

test('a device is let in by who sees its code, and gets its session once', async t => {
  const { app, browser } = await createLoginStage(t)
  const { code, body, poll } = await beginDevice(app)
  t.regex(code, /^[B-Z]{4}-[B-Z]{4}$/)
  t.like(body, { verificationPath: '/v1/iam/device', expiresIn: 600 })
  t.is((await poll()).status, 428)
  t.regex((await browser.get('/v1/iam/device')).body, /name="code"/)
  const typed = `/v1/iam/device?code=${code.replace('-', '').toLowerCase()}`
  const sent = await browser.get(typed)
  t.is(sent.headers.location, start(`/v1/iam/device?code=${code}`))
  const entered = await logIn(browser, `/v1/iam/device?code=${code}`)
  t.is(entered.headers.location, `/v1/iam/device?code=${code}`)
  const confirm = await browser.get(typed)
  t.regex(confirm.body, new RegExp(`${code}</strong> and asks to act as <strong>jon`))
  t.is((await poll()).status, 428)
  t.regex((await browser.post('/v1/iam/device', { code, decision: 'allow' })).body, /The device is logged in/)
  t.like((await poll()).body, { user: 'jon' })
  t.is((await poll()).status, 401)
  t.is((await browser.post('/v1/iam/device', { code, decision: 'allow' })).statusCode, 403)
})

test('a device that is refused gets nothing; nobody decides without a login for it', async t => {
  const { app, browser } = await createLoginStage(t)
  const [one, two] = [await beginDevice(app), await beginDevice(app)]
  t.is((await browser.post('/v1/iam/device', { code: one.code, decision: 'allow' })).statusCode, 403)
  await logIn(browser, `/v1/iam/device?code=${one.code}`)
  t.is((await browser.post('/v1/iam/device', { code: two.code, decision: 'allow' })).statusCode, 403)
  t.is((await two.poll()).status, 428)
  t.regex((await browser.post('/v1/iam/device', { code: one.code, decision: 'refuse' })).body, /The device was refused/)
  t.is((await one.poll()).status, 401)
})

for (const [title, method, body] of [
  ['another password', 'PUT', { name: 'jon', password: 'the north remembers' }],
  ['the removal of the user', 'DELETE', undefined],
] as const)
  test(`neither a login that waits to be handed over nor a device outlives ${title}`, async t => {
    const { app, browser } = await createLoginStage(t)
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
  const { app, browser } = await createLoginStage(t)
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
  const { app, browser } = await createLoginStage(t)
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
  const { app, browser } = await createLoginStage(t)
  const { code, poll } = await beginDevice(app)
  await logIn(browser, `/v1/iam/device?code=${code}`)
  t.is((await browser.post('/v1/iam/device', { code, decision: 'allow', formKey: '' })).statusCode, 403)
  const confirm = await browser.get(`/v1/iam/device?code=${code}`)
  const form = { code, decision: 'allow', formKey: fieldOf(confirm.body, 'formKey') }
  t.is((await browser.post('/v1/iam/device', form)).statusCode, 200)
  t.is((await poll()).status, 200)
})

test('only so many devices wait at once', async t => {
  const { app } = await createLoginStage(t)
  for (let count = 0; count < 20; count += 1) await beginDevice(app)
  const begin = (remoteAddress: string) =>
    app.app.api.inject({ method: 'POST', url: '/v1/iam/device/code', remoteAddress })
  for (let count = 0; count < 20; count += 1) await begin(`2001:db8::${count}`)
  t.is((await begin('2001:db8::ffff')).statusCode, 429)
  t.is((await begin('2001:db8:0:1::1')).statusCode, 200)
  const { status, headers } = await app.call('POST', '/v1/iam/device/code')
  t.deepEqual([status, headers['retry-after']], [429, '60'])
})
