/** APIs of the gateway that take tokens of an issuer: which tokens, and what becomes of an issuer that fails. */
import { createHmac } from 'node:crypto'
import test from 'ava'
import { openApi, openOidc } from '../helpers/guarded-apis.ts'
import { openIssuer } from '../helpers/issuer.ts'

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
