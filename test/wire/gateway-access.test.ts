/** Who may call an API of the gateway: nobody without credentials where it asks for some, and what its function is told of who calls. */
import test from 'ava'
import fc from 'fast-check'
import { basic, bearer, openApi, openOidc, putSecret } from '../helpers/guarded-apis.ts'

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

test('no function gets a cookie that lets somebody in at the API of this server; others stay', async t => {
  const { send } = await openApi(t, {})
  const cookieOf = async (cookie: string) =>
    JSON.parse((await send('GET', '/dispatch/x', { headers: { cookie } })).text).httpContext.headers.cookie
  for (const [sent, got] of [
    ['a=1; dispatch-login=s3cret; b=2', 'a=1; b=2'],
    ['dispatch-form=s3cret;dispatch-oidc=s.1.x', undefined],
    ['dss_s3cret', undefined],
    ['a=1;session=dst_s3cret;  my-dispatch-login=x', 'a=1; my-dispatch-login=x'],
    ['dispatch-login=; a=b=c; dispatch=1', 'a=b=c; dispatch=1'],
    ['a', 'a'],
  ] as const)
    t.is(await cookieOf(sent), got, sent)
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
