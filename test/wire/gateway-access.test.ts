/** Who may call an API of the gateway: nobody without credentials where it asks for some, and what its function is told of who calls. */
import { createHmac } from 'node:crypto'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import type { AppOptions } from '../../server/app-options.ts'
import { answer } from '../helpers/fake-execution.ts'
import { type OpenGateway, openGateway } from '../helpers/gateway.ts'
import { openIssuer } from '../helpers/issuer.ts'
import { createMovingClock } from '../helpers/moving-clock.ts'

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** With an API at /dispatch/x whose function answers with its context. */
async function openApi(t: ExecutionContext, fields: object, options: Partial<AppOptions> = {}): Promise<OpenGateway> {
  const gateway = await openGateway(t, { f: ({ contextJson }) => answer(contextJson) }, options)
  await gateway.createFunction('f')
  await gateway.createApi({ name: 'a', function: 'f', uris: ['/x'], ...fields })
  return gateway
}

const putSecret = ({ call }: OpenGateway, method: string, secrets: object) =>
  call(method, method === 'POST' ? '/v1/secret' : '/v1/secret/users', { name: 'users', secrets })

test('an API that is public, that says nothing, or has a free text, is open, and its function gets all headers', async t => {
  for (const authentication of ['public', '', 'whatever', undefined]) {
    const { send } = await openApi(t, { authentication })
    const { status, headers, text } = await send('GET', '/dispatch/x', { headers: { ...basic('u', 'p'), cookie: 'c' } })
    t.is(status, 200)
    t.deepEqual([headers['www-authenticate'], headers['ratelimit-limit']], [undefined, undefined])
    const { httpContext } = JSON.parse(text)
    t.like(httpContext.headers, { ...basic('u', 'p'), cookie: 'c' })
    t.false('identity' in httpContext)
  }
})

test('basic: users of the secret with their passwords, of whom the function is told the name alone', async t => {
  const gateway = await openApi(t, { authentication: 'basic', authenticationSecret: 'users', cors: true })
  await putSecret(gateway, 'POST', { jon: 'näive:pass', arya: '', 'x:y': 'z' })
  const ask = (headers: Record<string, string>) => gateway.send('GET', '/dispatch/x', { headers })
  const { status, text, headers } = await ask({ ...basic('jon', 'näive:pass'), cookie: 'c', accept: 'text/plain' })
  t.is(status, 200)
  t.is(headers['access-control-allow-headers'], '*, Authorization')
  const { httpContext } = JSON.parse(text)
  t.deepEqual(httpContext.identity, { scheme: 'basic', subject: 'jon' })
  t.is(httpContext.headers.accept, 'text/plain')
  t.false('authorization' in httpContext.headers || 'cookie' in httpContext.headers)
  const challenge = 'Basic realm="a", charset="UTF-8"'
  for (const sent of [
    basic('jon', 'wrong'),
    basic('nobody', 'näive:pass'),
    basic('arya', ''),
    basic('', ''),
    basic('constructor', 'x'),
  ])
    t.like(await ask(sent), {
      ...{ status: 401, headers: { 'www-authenticate': challenge, 'access-control-allow-origin': '*' } },
      text: '{"message":"API a did not accept the request: its user or password is wrong"}\n',
    })
  for (const sent of [{}, bearer('näive'), { authorization: 'Basic' }, { authorization: 'Basic !' }])
    t.like(await ask(sent as Record<string, string>), {
      ...{ status: 401, headers: { 'www-authenticate': challenge } },
      text: '{"message":"API a did not accept the request: it needs a user and a password, by HTTP Basic"}\n',
    })
  t.like(await gateway.send('OPTIONS', '/dispatch/x'), { status: 200, text: '' })
  t.is(gateway.execution.invocations.length, 1)
})

test('bearer: any value of the secret, by whose key the function knows who calls', async t => {
  const gateway = await openApi(t, { authentication: 'bearer', authenticationSecret: 'users' })
  await putSecret(gateway, 'POST', { ci: 'token-1', cron: 'token-2' })
  const ask = (headers: Record<string, string>) => gateway.send('GET', '/dispatch/x?access_token=token-1', { headers })
  for (const [subject, token] of [
    ['ci', 'token-1'],
    ['cron', 'token-2'],
  ] as const) {
    const { text } = await ask(bearer(token))
    t.deepEqual(JSON.parse(text).httpContext.identity, { scheme: 'bearer', subject })
  }
  t.like(await ask(bearer('token-3')), {
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="a", error="invalid_token"' },
  })
  t.like(await ask({}), { status: 401, headers: { 'www-authenticate': 'Bearer realm="a"' } })
})

test('a secret counts as it is now; one that is missing, or holds nothing, lets nobody in', async t => {
  const gateway = await openApi(t, { authentication: 'bearer', authenticationSecret: 'users' })
  const ask = async (token: string) => (await gateway.send('GET', '/dispatch/x', { headers: bearer(token) })).status
  t.like(await gateway.send('GET', '/dispatch/x', { headers: bearer('') }), {
    ...{ status: 503, text: '{"message":"API a cannot check who calls it: its secret is not there, or empty"}\n' },
  })
  await putSecret(gateway, 'POST', { one: '1' })
  t.deepEqual([await ask('1'), await ask('2')], [200, 401])
  await putSecret(gateway, 'PUT', { one: '2' })
  t.deepEqual([await ask('1'), await ask('2')], [401, 200])
  await putSecret(gateway, 'PUT', { one: '' })
  t.deepEqual([await ask('1'), await ask('')], [503, 503])
  await gateway.call('DELETE', '/v1/secret/users')
  t.is(await ask('2'), 503)
})

test('an API that says too little to check anybody lets nobody in, and says what it lacks', async t => {
  for (const [fields, cause] of [
    [{ authentication: 'basic' }, /its authentication is basic, and it names no authenticationSecret/],
    [{ authentication: 'bearer' }, /names no authenticationSecret/],
    [{ authentication: 'oauth2', authenticationSecret: 's' }, /is oauth2, and it has no oidc with issuer and audience/],
    [{ authentication: 'bsaic', authenticationSecret: 's' }, /is none of public, basic, bearer, oidc, oauth2/],
  ] as const) {
    const { send, execution } = await openApi(t, fields)
    const { status, text } = await send('GET', '/dispatch/x', { headers: basic('u', 'p') })
    t.is(status, 503)
    t.regex(text, cause)
    t.is(execution.invocations.length, 0)
  }
})

async function openOidc(t: ExecutionContext, fields: object = {}) {
  const clock = createMovingClock()
  const issuer = await openIssuer(t, clock.nowMs)
  const oidc = { issuer: issuer.url, audience: 'shop', ...fields }
  const gateway = await openApi(t, { authentication: 'oidc', oidc }, { clock })
  const ask = (token: string) => gateway.send('GET', '/dispatch/x', { headers: bearer(token) })
  return { clock, issuer, gateway, ask, statusOf: async (token: string) => (await ask(token)).status }
}

test('oidc: who has a token of the issuer for the audience; the function gets its claims', async t => {
  const { issuer, ask } = await openOidc(t)
  const { status, text } = await ask(await issuer.sign({ role: 'cook' }))
  t.is(status, 200)
  const { identity, headers } = JSON.parse(text).httpContext
  t.like(identity, {
    scheme: 'oidc',
    subject: 'jon',
    claims: { sub: 'jon', aud: 'shop', iss: issuer.url, role: 'cook' },
  })
  t.false('authorization' in headers)
})

test('oidc: any other token is refused: of another issuer, audience or time, not signed by it, unsigned, or none at all', async t => {
  const { issuer, ask, clock } = await openOidc(t)
  const stranger = await openIssuer(t, clock.nowMs)
  const now = Math.floor(clock.nowMs() / 1000)
  const good = await issuer.sign()
  const [header = '', claims = '', signature = ''] = good.split('.')
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const [kid] = [JSON.parse(Buffer.from(header, 'base64url').toString()).kid]
  const forged = `${encode({ alg: 'HS256', kid })}.${claims}`
  const tokens = {
    'not of the issuer': await issuer.sign({ iss: stranger.url }),
    'for another audience': await issuer.sign({ aud: ['other'] }),
    expired: await issuer.sign({ exp: now - 31 }),
    'not valid yet': await issuer.sign({ nbf: now + 60 }),
    'without an end': await issuer.sign({ exp: undefined }),
    'without a subject': await issuer.sign({ sub: undefined }),
    'signed by another': await stranger.sign({ iss: issuer.url }),
    'signed by another that claims the key': await stranger.sign({ iss: issuer.url }, { kid }),
    changed: [
      header,
      encode({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()), sub: 'eve' }),
      signature,
    ].join('.'),
    'not signed': `${encode({ alg: 'none', kid })}.${claims}.`,
    'signed by what is public': `${forged}.${createHmac('sha256', kid).update(forged).digest('base64url')}`,
    'too long': await issuer.sign({ more: 'x'.repeat(20_000) }),
    'no token': 'abc',
  }
  for (const [title, token] of Object.entries(tokens)) {
    const { status, headers, text } = await ask(token)
    t.is(status, 401, title)
    t.is(headers['www-authenticate'], 'Bearer realm="a", error="invalid_token"', title)
    t.regex(text, /API a did not accept the request: its token is /, title)
  }
  t.is((await ask(good)).status, 200)
  t.is((await ask(await issuer.sign({ exp: now - 10 }))).status, 200, 'clocks differ by seconds')
})

test('oidc: new keys of the issuer count, old ones end, and it is not asked for each token', async t => {
  const { clock, issuer, statusOf } = await openOidc(t)
  const old = await issuer.sign({ exp: Math.floor(clock.nowMs() / 1000) + 3600 })
  t.deepEqual([await statusOf(old), await statusOf(await issuer.sign()), issuer.reads], [200, 200, 1])
  await issuer.rotate()
  t.is(await statusOf(await issuer.sign()), 401, 'it was asked just now')
  clock.advance(10_000)
  t.is(await statusOf(await issuer.sign()), 200)
  t.deepEqual([await statusOf(old), issuer.reads], [401, 2])
  clock.advance(600_000)
  t.deepEqual([await statusOf(await issuer.sign()), issuer.reads], [200, 3])
})

test('oidc: an issuer that cannot be asked locks out nobody whose key is known, for a day, and lets nobody in before', async t => {
  const { clock, issuer, ask, statusOf } = await openOidc(t)
  issuer.broken = { status: 500, body: '' }
  const { status, headers, text } = await ask(await issuer.sign())
  t.like(
    { status, text },
    { status: 503, text: '{"message":"API a cannot check who calls it: its issuer does not give its keys"}\n' },
  )
  t.is(headers['retry-after'], '10')
  issuer.broken = undefined
  t.is(await statusOf(await issuer.sign()), 503, 'it was asked just now')
  clock.advance(10_000)
  t.is(await statusOf(await issuer.sign()), 200)
  issuer.broken = { status: 503, body: '' }
  clock.advance(23 * 3_600_000)
  t.is(await statusOf(await issuer.sign()), 200)
  clock.advance(3_600_000)
  t.is(await statusOf(await issuer.sign()), 503)
})

test('oidc: documents of an issuer that are not what they should be are of no use', async t => {
  for (const [title, broken, claims] of [
    ['not JSON', { status: 200, body: '<html>' }],
    ['another redirects', { status: 302, body: '' }],
    ['too large', undefined, { more: 'x'.repeat(600_000) }],
    ['no object', { status: 200, body: 'null' }],
    ['of another issuer', undefined, { issuer: 'https://other.example' }],
    ['keys are nowhere', undefined, { jwks_uri: null }],
    [
      'keys are by HTTP on what is no address of this machine alone',
      undefined,
      { jwks_uri: 'http://0.0.0.0:PORT/keys' },
    ],
    ['keys are no web address', undefined, { jwks_uri: 'file:///etc/passwd' }],
  ] as const) {
    const { issuer, statusOf } = await openOidc(t)
    issuer.broken = broken
    issuer.claims = JSON.parse(JSON.stringify(claims ?? {}).replace('PORT', new URL(issuer.url).port))
    t.is(await statusOf(await issuer.sign()), 503, title)
    t.is(issuer.reads, 0, title)
  }
})

test('an issuer on another machine is one over TLS', async t => {
  const { call } = await openApi(t, {})
  const withIssuer = (issuer: string) =>
    call('POST', '/v1/api', { name: 'b', function: 'f', authentication: 'oidc', oidc: { issuer, audience: 'x' } })
  for (const issuer of [
    'http://login.example',
    'http://127.0.0.1.example/',
    'http://localhost.example:1/',
    'ftp://x',
    'x',
    'https://',
  ])
    t.is((await withIssuer(issuer)).status, 422, issuer)
  t.is((await withIssuer('https://login.example')).status, 200)
})

const part = fc.stringMatching(/^[A-Za-z\d+/=._~:-]{0,40}$/)
const sentHeaders = fc.oneof(
  fc.stringMatching(/^[\x20-\x7e\xa1-\xff]{0,60}$/),
  fc
    .tuple(fc.constantFrom('Basic', 'bearer', 'BASIC', 'Digest'), fc.stringMatching(/^ {0,2}$/), part)
    .map(each => each.join('')),
  fc.array(part, { minLength: 2, maxLength: 4 }).map(parts => `Bearer ${parts.join('.')}`),
  fc.object().map(claims => `Bearer ${Buffer.from(JSON.stringify(claims)).toString('base64url')}..`),
)

test('whatever is sent as credentials is refused, and is no error of ours', async t => {
  const { gateway, issuer } = await openOidc(t)
  await putSecret(gateway, 'POST', { jon: 'a secret' })
  for (const authentication of ['basic', 'bearer'])
    await gateway.createApi({
      name: authentication,
      function: 'f',
      uris: [`/${authentication}`],
      authentication,
      authenticationSecret: 'users',
    })
  await gateway.send('GET', '/dispatch/x', { headers: bearer(await issuer.sign()) })
  await fc.assert(
    fc.asyncProperty(sentHeaders, fc.constantFrom('x', 'basic', 'bearer'), async (authorization, path) => {
      const { status } = await gateway.send('GET', `/dispatch/${path}`, { headers: { authorization } })
      t.is(status, 401)
    }),
    { numRuns: 300 },
  )
  t.is(gateway.execution.invocations.length, 1)
})
