/** `login` and `logout`: what is asked, what the config file keeps of it, and whom the listener believes. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { Io } from '../../../cli/io.ts'
import { type Answer, createStage, type Stage } from './stage.ts'

const ok: Answer = { status: 200, body: { message: 'Home Page, You have already logged in' } }
const refusal: Answer = { status: 401, body: { code: 401, message: 'unauthenticated for invalid credentials' } }
const env = { DISPATCH_CONFIG: 'c.json' }
const context = { port: 1, cookie: 'old', insecure: true, note: 'mine' }

async function createConfigured(t: ExecutionContext, answers: readonly Answer[] = [ok]): Promise<Stage> {
  const stage = await createStage(t, answers)
  stage.write('c.json', JSON.stringify({ current: 'a', contexts: { a: context, b: { host: 'other' } }, extra: 1 }))
  return stage
}
const readConfig = ({ cwd }: Stage) => JSON.parse(readFileSync(join(cwd, 'c.json'), 'utf8'))

/** A browser that goes where the login sends it, or to another place first. */
function createBrowser(visit: (callback: string) => Promise<unknown>) {
  const opened: string[] = []
  const openBrowser = async (url: string) => {
    opened.push(url)
    const back = new URL(url).searchParams.get('rd') ?? ''
    await visit(new URL(back, 'http://localhost').searchParams.get('redirect') ?? '')
  }
  return { opened, openBrowser }
}
const pause = () => new Promise<void>(resolve => setImmediate(resolve))
const visitPage = async (url: string) => {
  const response = await fetch(url)
  return [response.status, await response.text()]
}

test('a token is checked by the server; it is kept on request only', async t => {
  const stage = await createConfigured(t, [ok, ok])
  const words = ['login', '--token', 'tok', '--organization', 'org']
  t.deepEqual(await stage.dispatch(words, { env }), {
    code: 0,
    stdout: 'You have successfully logged in\n',
    stderr: '',
  })
  const [asked] = stage.asked
  t.deepEqual(
    [asked?.url, asked?.headers.authorization, asked?.headers['x-dispatch-org']],
    ['/home', 'Bearer tok', 'org'],
  )
  t.deepEqual(readConfig(stage).contexts.a, context)
  t.is((await stage.dispatch([...words, '--save'], { env })).code, 0)
  t.deepEqual(readConfig(stage).contexts.a, { ...context, cookie: '', token: 'tok' })
  t.is(statSync(join(stage.cwd, 'c.json')).mode & 0o777, 0o600)
})

test('a service account is kept with its key, and nothing else of the command line', async t => {
  const stage = await createConfigured(t)
  const { privateKey } = (await import('node:crypto')).generateKeyPairSync('rsa', { modulusLength: 2048 })
  stage.write('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  const words = ['login', '--service-account', 'ci', '--jwt-private-key', 'key.pem', '--organization', 'org']
  t.is((await stage.dispatch(words, { env })).code, 0)
  t.regex(stage.asked[0]?.headers.authorization ?? '', /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/)
  const account = { serviceaccount: 'ci', jwtprivatekey: join(stage.cwd, 'key.pem') }
  t.deepEqual(readConfig(stage), {
    current: 'a',
    contexts: { a: { ...context, cookie: '', ...account }, b: { host: 'other' } },
    extra: 1,
  })
})

test('who is refused is not logged in, and the file stays as it was', async t => {
  const stage = await createConfigured(t, [refusal])
  const outcome = await stage.dispatch(['login', '--token', 'bad', '--save'], { env })
  const stderr = 'error logging in: [Code: 401] unauthenticated for invalid credentials\n'
  t.deepEqual(outcome, { code: 1, stdout: '', stderr })
  t.deepEqual(readConfig(stage).contexts.a, context)
  const keyless = await stage.dispatch(['login', '--service-account', 'a', '--jwt-private-key', 'none'], { env })
  t.regex(keyless.stderr, /^error logging in: error reading key file: open none: no such file or directory\n$/)
})

test('a browser brings the cookie; its address is always told', async t => {
  const stage = await createConfigured(t)
  const pages: unknown[] = []
  const { opened, openBrowser } = createBrowser(async callback => {
    pages.push(await visitPage(`${callback}?cookie=${encodeURIComponent('_oauth2=a b; Path=/')}`))
  })
  const { code, stdout, stderr } = await stage.dispatch(['login'], { env, openBrowser, pause })
  t.deepEqual([code, stdout], [0, `You have successfully logged in, cookie saved to ${join(stage.cwd, 'c.json')}\n`])
  t.is(stderr, `Logging into: ${opened[0]}\n`)
  t.true(
    opened[0]?.startsWith(`http://127.0.0.1:${stage.port}/v1/iam/oauth2/start?rd=%2Fv1%2Fiam%2Fredirect%3Fredirect%3D`),
  )
  t.deepEqual(pages, [[200, 'Cookie received. Please close this page.']])
  t.deepEqual(readConfig(stage).contexts.a, { ...context, cookie: '_oauth2=a b; Path=/' })
  t.deepEqual(
    stage.asked.map(({ url }) => url),
    ['/v1/iam/oauth2/start'],
  )
})

for (const status of [404, 501])
  test(`a server without logins says so before any browser is opened: ${status}`, async t => {
    const stage = await createConfigured(t, [{ status, body: { code: status, message: 'no' } }])
    const { opened, openBrowser } = createBrowser(visitPage)
    const outcome = await stage.dispatch(['login'], { env, openBrowser, pause })
    const stderr = `the server at 127.0.0.1:${stage.port} has no logins (HTTP ${status}): use it without one, or see --host and --port\n`
    t.deepEqual(outcome, { code: 1, stdout: '', stderr })
    t.deepEqual(opened, [])
    t.is(stage.asked[0]?.headers.cookie, undefined)
    t.is(readConfig(stage).contexts.a.cookie, 'old')
  })

test('where the login leads is for the browser alone', async t => {
  const stage = await createConfigured(t, [{ status: 302, headers: { Location: '/elsewhere' } }])
  const { openBrowser } = createBrowser(callback => visitPage(`${callback}?cookie=good`))
  t.is((await stage.dispatch(['login'], { env, openBrowser, pause })).code, 0)
  t.is(stage.asked.length, 1)
})

test('only the address of this very login is believed', async t => {
  const stage = await createConfigured(t)
  const pages: unknown[] = []
  const { openBrowser } = createBrowser(async callback => {
    const root = new URL(callback).origin
    for (const path of ['/catcher', '/catcher/another', '/'])
      pages.push((await visitPage(`${root}${path}?cookie=x`))[0])
    pages.push((await fetch(`${callback}?cookie=x`, { method: 'POST' })).status)
    pages.push((await visitPage(`${callback}?cookie=good`))[0])
  })
  t.is((await stage.dispatch(['login', '--debug'], { env, openBrowser, pause })).code, 0)
  t.deepEqual(pages, [404, 404, 404, 404, 200])
  t.is(readConfig(stage).contexts.a.cookie, 'good')
})

test('a browser without a cookie is a failure', async t => {
  const stage = await createConfigured(t)
  const { openBrowser } = createBrowser(visitPage)
  const { code, stdout, stderr } = await stage.dispatch(['login'], { env, openBrowser, pause })
  t.deepEqual([code, stdout], [1, ''])
  t.regex(stderr, /\nFailed to login, please try again\.\n$/)
  t.is(readConfig(stage).contexts.a.cookie, 'old')
})

test('without a browser the address is there to be opened elsewhere, for a limited time', async t => {
  const stage = await createConfigured(t)
  const openBrowser: Io['openBrowser'] = () => Promise.reject(new Error('none'))
  const changes = { env, openBrowser, pause }
  const { code, stderr } = await stage.dispatch(['login', '--wait-timeout', '1s', '--scheme', 'https'], changes)
  t.is(code, 1)
  t.regex(
    stderr,
    /^Logging into: https:.*\nNo browser could be opened here; .*\nnobody has logged in there in time: begin again, with a longer --wait-timeout if need be\n$/,
  )
})

test('an interruption ends it', async t => {
  const stage = await createConfigured(t)
  const interruption = new AbortController()
  const openBrowser = async () => interruption.abort()
  const { code, stderr } = await stage.dispatch(['login'], {
    env,
    openBrowser,
    pause,
    interrupted: interruption.signal,
  })
  t.is(code, 1)
  t.regex(stderr, /\ninterrupted\n$/)
})

test('the first login makes the context, named after the host', async t => {
  const stage = await createStage(t, [ok])
  const hosts = { DISPATCH_HOST: '127.0.0.1', DISPATCH_ORGANIZATION: 'org' }
  t.is((await stage.dispatch(['login', '--token', 't', '--save'], { env: hosts })).code, 0)
  const path = join(stage.homeDir, '.dispatch/config.json')
  const values = {
    host: '127.0.0.1',
    port: stage.port,
    scheme: 'http',
    organization: 'org',
    cookie: '',
    insecure: false,
  }
  t.deepEqual(JSON.parse(readFileSync(path, 'utf8')), {
    current: '127-0-0-1',
    contexts: { '127-0-0-1': { ...values, token: 't' } },
  })
})

test('a login at another server than that of the current context is kept in a context of its own', async t => {
  const stage = await createStage(t, [ok, ok])
  const other = { host: 'dispatch.invalid', port: 443, scheme: 'https', organization: 'org', cookie: 'kept' }
  stage.write('c.json', JSON.stringify({ current: 'a', contexts: { a: other } }))
  const hosts = { ...env, DISPATCH_HOST: '127.0.0.1' }
  const words = ['login', '--token', 't', '--save']
  const { code, stderr } = await stage.dispatch(words, { env: hosts, stderrIsTerminal: true })
  t.is(code, 0)
  t.regex(stderr, /Note: it is kept in the context 127-0-0-1 of 127\.0\.0\.1, which is the current one now\n$/)
  const { current, contexts } = readConfig(stage)
  t.deepEqual([current, contexts.a], ['127-0-0-1', other])
  t.like(contexts['127-0-0-1'], { host: '127.0.0.1', port: stage.port, token: 't' })
  t.is((await stage.dispatch(words, { env: hosts })).code, 0)
  t.deepEqual(Object.keys(readConfig(stage).contexts).toSorted(), ['127-0-0-1', 'a'])
})

test('a key that cannot be read is told with the place that names it', async t => {
  const stage = await createStage(t)
  const account = { organization: 'org', serviceaccount: 'ci', jwtprivatekey: 'gone.pem' }
  stage.write('c.json', JSON.stringify({ current: 'prod', contexts: { prod: account } }))
  const stderrOf = async (more: Record<string, string> = {}, ...words: string[]) =>
    (await stage.dispatch(['get', 'images', ...words], { env: { ...env, ...more } })).stderr
  const cause = (file: string) => `error reading key file: open ${file}: no such file or directory`
  const origin = 'jwtprivatekey of the context prod in the config file'
  t.is(await stderrOf(), `${cause('gone.pem')}; ${origin} names it\n`)
  const variable = { DISPATCH_JWT_PRIVATE_KEY: 'other.pem' }
  t.is(await stderrOf(variable), `${cause('other.pem')}; DISPATCH_JWT_PRIVATE_KEY names it\n`)
  t.is(await stderrOf({}, '--jwt-private-key', 'mine.pem'), `${cause('mine.pem')}\n`)
  stage.write('gone.pem', 'no key')
  t.regex(await stderrOf(), /gone\.pem is not an RSA private key in PEM form: .*; jwtprivatekey of the context prod /)
})

test('logout forgets what let one in, asks nobody, and keeps the rest', async t => {
  const stage = await createConfigured(t)
  const secrets = { cookie: 'c', token: 't', serviceaccount: 's', jwtprivatekey: 'k' }
  stage.write(
    'c.json',
    JSON.stringify({ current: 'a', contexts: { a: { ...context, ...secrets }, b: { cookie: 'other' } } }),
  )
  const outcome = await stage.dispatch(['logout', 'ignored'], { env })
  t.deepEqual(outcome, { code: 0, stdout: 'You have successfully logged out\n', stderr: '' })
  t.deepEqual(readConfig(stage).contexts, { a: { ...context, cookie: '' }, b: { cookie: 'other' } })
  t.is(stage.asked.length, 0)
  const nowhere = await (await createStage(t)).dispatch(['logout'])
  t.is(nowhere.code, 1)
  t.regex(nowhere.stderr, /^there is no current context in .*config\.json to log out of\n$/)
})

test('of a service account and its key one alone is no way in, and no reason to open a browser', async t => {
  const stage = await createStage(t)
  const account = await stage.dispatch(['login', '--service-account', 'ci'])
  t.deepEqual(
    [account.code, account.stderr],
    [1, 'service account ci needs its key to log in: --jwt-private-key FILE\n'],
  )
  const key = await stage.dispatch(['login', '--jwt-private-key', 'ci.pem'])
  t.regex(key.stderr, /^a key needs its service account to log in: --service-account ORGANIZATION\/NAME\n$/)
  t.deepEqual(stage.asked, [])
})
