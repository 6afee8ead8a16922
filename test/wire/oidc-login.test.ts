/** Logins at an issuer, by the requests of a browser: from the login page over the issuer to a session. */
import test, { type ExecutionContext } from 'ava'
import type { AppOptions } from '../../server/app-options.ts'
import { giveAccount, givePolicy } from '../helpers/credentials.ts'
import { createMovingClock } from '../helpers/moving-clock.ts'
import { externalUrl } from '../helpers/oidc-login.ts'
import { openProvider } from '../helpers/oidc-provider.ts'
import { createTestApp, type TestApp } from '../helpers/test-app.ts'
import { until } from '../helpers/wait.ts'

const commandLine = 'http://127.0.0.1:4000/catcher'
const rd = `/v1/iam/redirect?${new URLSearchParams({ redirect: commandLine })}`
const start = `/v1/iam/oidc/start?${new URLSearchParams({ rd })}`

interface Reply {
  status: number
  location: string
  text: string
  cookies: string[]
}

const accept = 'text/html,application/xhtml+xml,*/*;q=0.8'

/** A browser that keeps cookies, and whose address is its own. */
function openBrowser({ app }: TestApp, { remoteAddress = '10.0.0.7' } = {}) {
  const jar = new Map<string, string>()
  return async (url: string): Promise<Reply> => {
    const cookie = [...jar].map(pair => pair.join('=')).join('; ')
    const reply = await app.api.inject({ method: 'GET', url, headers: { cookie, accept }, remoteAddress })
    const cookies = [reply.headers['set-cookie'] ?? []].flat()
    for (const each of cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? []
      jar.set(name, value)
    }
    return { status: reply.statusCode, location: String(reply.headers.location ?? ''), text: reply.body, cookies }
  }
}

async function openServer(t: ExecutionContext, options: Partial<AppOptions> = {}) {
  const provider = await openProvider(t, { externalUrl })
  const settings = { clientId: 'dispatch', claim: 'email', scopes: 'openid email', externalUrl }
  const oidc = { ...settings, issuer: provider.url, readClientSecret: async () => provider.clientSecret }
  const testApp = await createTestApp(t, {}, { auth: 'required', oidc, ...options })
  const comeBack = async (browse: (url: string) => Promise<Reply>) => {
    const { pathname, search } = await provider.visit((await browse(start)).location)
    return pathname + search
  }
  return { provider, testApp, comeBack }
}

test('a user logs in at the issuer that the login page offers, and may do what policies say', async t => {
  const { provider, testApp, comeBack } = await openServer(t)
  const browse = openBrowser(testApp)
  const page = await browse(`/v1/iam/oauth2/start?${new URLSearchParams({ rd })}`)
  t.true(page.text.includes(start.replaceAll('&', '&amp;')))
  t.true(page.text.includes(`Log in with ${new URL(provider.url).host}`))
  const back = await browse(await comeBack(browse))
  t.is(back.status, 303)
  t.is(back.location, rd)
  const handedOver = new URL((await browse(back.location)).location)
  t.is(handedOver.origin + handedOver.pathname, commandLine)
  const headers = { cookie: handedOver.searchParams.get('cookie') ?? '' }
  t.is((await testApp.call('GET', '/home', undefined, headers)).status, 200)
  t.is((await testApp.call('GET', '/v1/function', undefined, headers)).status, 403)
  await givePolicy(testApp.store, { subjects: ['jon@wall.example'], resources: ['function'], actions: ['get'] })
  t.is((await testApp.call('GET', '/v1/function', undefined, headers)).status, 200)
})

test('a user of an issuer, who is not known here, is created and deleted by another to end all its sessions', async t => {
  const { testApp, comeBack } = await openServer(t)
  const browse = openBrowser(testApp)
  const handedOver = new URL((await browse((await browse(await comeBack(browse))).location)).location)
  const headers = { cookie: handedOver.searchParams.get('cookie') ?? '' }
  const home = async () => (await testApp.call('GET', '/home', undefined, headers)).status
  await givePolicy(testApp.store, { subjects: ['dispatch/ned'], global: true })
  const ned = await giveAccount(testApp.store, 'dispatch/ned')
  t.is((await testApp.call('POST', '/v1/iam/user', { name: 'jon@wall.example' }, ned)).status, 201)
  t.is(await home(), 200)
  t.is((await testApp.call('DELETE', '/v1/iam/user/jon@wall.example', undefined, ned)).status, 200)
  await until('it is over', async () => (await home()) === 401)
  t.pass()
})

test('what comes back counts in the browser that began the login, once, and in time', async t => {
  const clock = createMovingClock()
  const { testApp, comeBack } = await openServer(t, { clock })
  const browse = openBrowser(testApp)
  const back = await comeBack(browse)
  const [stranger, other] = [openBrowser(testApp), openBrowser(testApp)]
  await other(start)
  t.regex((await stranger(back)).text, /this browser began no login, or it keeps no cookies/)
  t.regex((await other(back)).text, /it is not the answer to the login that this browser began last/)
  const { status, text } = await browse(back.replace(/state=[^&]+/, 'state=x'))
  t.is(status, 401)
  t.regex(text, /it is not the answer/)
  t.is((await browse(back)).status, 303)
  t.is((await browse(back)).status, 401, 'again')
  const late = await comeBack(browse)
  clock.advance(600_001)
  t.regex((await browse(late)).text, /it took more than 10 minutes/)
})

test('a login leads nowhere but to the command line of that computer, or to the code of a device', async t => {
  const { testApp } = await openServer(t)
  const browse = openBrowser(testApp)
  for (const place of [
    'https://evil.example/',
    '//evil.example',
    '/v1/iam/redirect?redirect=https://evil.example',
    '/',
    '',
  ])
    t.is((await browse(`/v1/iam/oidc/start?${new URLSearchParams({ rd: place })}`)).status, 401, place)
  t.is((await browse(`/v1/iam/oidc/start?${new URLSearchParams({ rd: '/v1/iam/device?code=BCDF-GHJK' })}`)).status, 303)
})

test('the cookie of a login is for these pages alone, and no script reads it', async t => {
  const { testApp } = await openServer(t)
  const { cookies } = await openBrowser(testApp)(start)
  t.is(cookies.length, 1)
  t.regex(cookies[0] ?? '', /^dispatch-oidc=[\w.-]+; Path=\/v1\/iam; HttpOnly; SameSite=Lax; Max-Age=600$/)
})

test('who sends what others were sent, again and again, is slowed down; others are not', async t => {
  const { testApp, comeBack } = await openServer(t)
  const guess = openBrowser(testApp, { remoteAddress: '10.6.6.6' })
  const statuses: number[] = []
  for (let count = 0; count < 30; count += 1)
    t.is((await guess('/v1/iam/oidc/callback?state=x&code=c')).status, 401, 'a page made the browser ask')
  await guess(start)
  for (let count = 0; count < 100 && statuses.at(-1) !== 429; count += 1)
    statuses.push((await guess('/v1/iam/oidc/callback?state=x&code=c')).status)
  t.is(statuses.at(-1), 429)
  t.is(statuses[0], 401)
  const browse = openBrowser(testApp)
  t.is((await browse(await comeBack(browse))).status, 303)
})

test('a server without an issuer says so', async t => {
  const testApp = await createTestApp(t, {}, { auth: 'required' })
  const browse = openBrowser(testApp)
  for (const path of [start, '/v1/iam/oidc/callback', '/v1/iam/oidc/logout']) {
    const { status, text } = await browse(path)
    t.is(status, 404, path)
    t.regex(text, /^<!doctype html>[\s\S]*this server has no issuer for logins/, path)
    const program = await testApp.call('GET', path)
    t.regex(program.body.message, /^this server has no issuer for logins/, path)
  }
  t.notRegex((await browse(`/v1/iam/oauth2/start?${new URLSearchParams({ rd })}`)).text, /Log in with/)
})

test('logging out leads to the page of the issuer for that', async t => {
  const { provider, testApp } = await openServer(t)
  const { status, location } = await openBrowser(testApp)('/v1/iam/oidc/logout')
  t.deepEqual([status, location], [303, `${provider.url}/session/end?client_id=dispatch`])
})
