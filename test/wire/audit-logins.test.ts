/** What is written down of logins: who, from where, by which way and with which result, and nothing that was only typed. */
import test from 'ava'
import { beginDevice, createBrowser, createLoginStage, logIn, password, rd } from '../helpers/login-browser.ts'
import { createMovingClock } from '../helpers/moving-clock.ts'
import { externalUrl } from '../helpers/oidc-login.ts'
import { openProvider } from '../helpers/oidc-provider.ts'
import { createTestApp, type TestApp } from '../helpers/test-app.ts'
import { until } from '../helpers/wait.ts'

type Told = [kind: string, user: string, name: string, status: number]

/** Oldest first, as far as they are about the operation. */
const untilTold = ({ call }: TestApp, operation: string, count: number): Promise<Told[]> =>
  until(`${count} lines of ${operation}`, async () => {
    const { body } = await call('GET', `/v1/audit/all?operation=${operation}&limit=1000`)
    const told = body.map(({ kind, user, name, status }: Record<string, unknown>) => [kind, user, name, status])
    return told.length === count && told.toReversed()
  })

const everything = async ({ call }: TestApp): Promise<string> => (await call('GET', '/v1/audit/all?limit=1000')).text

test('of a login by password it is told who it was, or who was tried, and from where', async t => {
  const { app } = await createLoginStage(t)
  const enter = (body: object) => app.call('POST', '/v1/iam/login', body, { cookie: '', 'x-dispatch-org': 'any' })
  t.is((await enter({ user: 'jon', password })).status, 200)
  t.is((await enter({ user: 'jon', password: 'wrong' })).status, 401)
  t.is((await enter({ user: 'canary-typed-here', password: 'wrong' })).status, 401)
  t.is((await enter({ user: 'canary-typed-here' })).status, 422)
  t.deepEqual(await untilTold(app, 'login', 4), [
    ['user', 'jon', 'jon', 200],
    ['unknown', '', 'jon', 401],
    ['unknown', '', '(unknown user)', 401],
    ['unknown', '', '', 422],
  ])
  const [line] = (await app.call('GET', '/v1/audit/all?operation=login&user=jon')).body
  t.like(line, { peer: '127.0.0.1', org: '', count: 1 })
  const text = await everything(app)
  t.false(text.includes('canary'))
  t.false(text.includes(password))
})

test('who has to wait is told by name too', async t => {
  const { app } = await createLoginStage(t, { clock: createMovingClock() })
  for (let tries = 0; tries < 7; tries += 1)
    await app.call('POST', '/v1/iam/login', { user: 'jon', password: 'wrong' }, { cookie: '' })
  t.deepEqual((await untilTold(app, 'login', 2))[1], ['unknown', '', 'jon', 429])
})

test('of a login by the page it is told who entered, and that it was handed over', async t => {
  const { app, browser } = await createLoginStage(t)
  t.is((await logIn(browser, rd, 'wrong')).statusCode, 401)
  t.is((await logIn(browser, rd)).statusCode, 303)
  t.is((await browser.get(rd)).statusCode, 302)
  t.is((await browser.get(rd)).statusCode, 401)
  t.deepEqual(await untilTold(app, 'submitLoginPage', 2), [
    ['unknown', '', 'jon', 401],
    ['user', 'jon', 'jon', 303],
  ])
  t.deepEqual(await untilTold(app, 'handOverLogin', 2), [
    ['user', 'jon', '', 302],
    ['unknown', '', '', 401],
  ])
})

test('of a device it is told who let it in, and that it got its session', async t => {
  const { app, browser } = await createLoginStage(t)
  const { code, poll } = await beginDevice(app)
  t.is((await poll()).status, 428)
  await logIn(browser, `/v1/iam/device?code=${code}`)
  t.is((await browser.post('/v1/iam/device', { code, decision: 'allow' })).statusCode, 200)
  t.is((await poll()).status, 200)
  t.deepEqual(await untilTold(app, 'submitDevicePage', 1), [['user', 'jon', '', 200]])
  t.deepEqual(await untilTold(app, 'endDeviceLogin', 2), [
    ['unknown', '', '', 428],
    ['user', 'jon', '', 200],
  ])
})

test('of a login at an issuer it is told whom that vouched for, and what was refused', async t => {
  const provider = await openProvider(t, { externalUrl })
  const settings = { clientId: 'dispatch', claim: 'email', scopes: 'openid email', externalUrl }
  const oidc = { ...settings, issuer: provider.url, readClientSecret: async () => provider.clientSecret }
  const app = await createTestApp(t, {}, { oidc })
  const browser = createBrowser(app)
  const begun = await browser.get(`/v1/iam/oidc/start?${new URLSearchParams({ rd })}`)
  const { pathname, search } = await provider.visit(String(begun.headers.location))
  t.is((await browser.get(pathname + search)).statusCode, 303)
  t.is((await browser.get('/v1/iam/oidc/callback?state=canary&code=canary')).statusCode, 401)
  t.deepEqual(await untilTold(app, 'finishOidcLogin', 2), [
    ['user', 'jon@wall.example', '', 303],
    ['unknown', '', '', 401],
  ])
  t.false((await everything(app)).includes('canary'))
})
