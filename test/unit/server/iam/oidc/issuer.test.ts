/** Whom an issuer's answer lets in, and whom not; the issuers are on the network. */
import { createHmac } from 'node:crypto'
import test, { type ExecutionContext } from 'ava'
import { type DispatchError, isEntry } from '../../../../../server/core/errors.ts'
import type { Proofs } from '../../../../../server/iam/oidc/flow.ts'
import type { Issuer } from '../../../../helpers/issuer.ts'
import { createMovingClock } from '../../../../helpers/moving-clock.ts'
import {
  answerWith,
  beginLogin,
  createClient,
  externalUrl,
  goodClaims,
  openLoginIssuer,
} from '../../../../helpers/oidc-login.ts'
import { openProvider, type ProviderOptions } from '../../../../helpers/oidc-provider.ts'

async function logInAt(t: ExecutionContext, options: Omit<ProviderOptions, 'externalUrl'>, claim = 'email') {
  const provider = await openProvider(t, { externalUrl, ...options })
  const hasSecret = options.clientAuthentication !== 'none'
  const secret = hasSecret && { readClientSecret: async () => provider.clientSecret }
  const { client } = createClient({ issuer: provider.url, claim, ...secret }, Date.now)
  const proofs = beginLogin()
  const answer = await provider.visit(await client.authorizationUrl(proofs))
  return { provider, client, proofs, answer: Object.fromEntries(answer.searchParams) }
}

for (const [title, options] of Object.entries({
  'who tells of users when asked': {},
  'who tells of users in ID tokens': { tellsInIdToken: true },
  'who takes the secret in the body alone': { clientAuthentication: 'client_secret_post' },
  'who knows no secret of this server': { clientAuthentication: 'none' },
}))
  test(`a user logs in at an issuer ${title}`, async t => {
    const { client, proofs, answer } = await logInAt(t, options)
    t.is(await client.redeem(proofs, answer), 'jon@wall.example')
  })

test('another claim names users too', async t => {
  const { client, proofs, answer } = await logInAt(t, {}, 'preferred_username')
  t.is(await client.redeem(proofs, answer), 'oidc:jon')
})

test('a code counts once, and only for who began the login', async t => {
  const { provider, client, proofs, answer } = await logInAt(t, {})
  const other = beginLogin()
  await t.throwsAsync(client.redeem({ ...proofs, codeVerifier: other.codeVerifier }, answer), {
    message: /not accepted/,
  })
  const again = Object.fromEntries((await provider.visit(await client.authorizationUrl(proofs))).searchParams)
  await t.throwsAsync(client.redeem({ ...proofs, nonce: other.nonce }, again), { message: /not accepted/ })
  const third = Object.fromEntries((await provider.visit(await client.authorizationUrl(proofs))).searchParams)
  t.is(await client.redeem(proofs, third), 'jon@wall.example')
  await t.throwsAsync(client.redeem(proofs, third), { message: /not accepted/ })
})

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Tokens that let nobody in, of a login that is right but for them. */
async function createBadTokens(issuer: Issuer, stranger: Issuer, proofs: Proofs): Promise<Record<string, string>> {
  const claims = goodClaims(proofs)
  const sign = (changed: object, header = {}) => issuer.sign({ ...claims, ...changed }, header)
  const now = claims.iat
  const [header = '', body = '', signature = ''] = (await sign({})).split('.')
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString())
  const forged = `${encode({ alg: 'HS256', kid })}.${body}`
  return {
    'for another audience': await sign({ aud: 'other' }),
    'for others too, of whom one is who asked': await sign({ aud: ['dispatch', 'other'], azp: 'other' }),
    'of another issuer': await sign({ iss: stranger.url }),
    expired: await sign({ exp: now - 31 }),
    'without an end': await sign({ exp: undefined }),
    'without a time': await sign({ iat: undefined }),
    'not valid yet': await sign({ nbf: now + 60 }),
    'of another login': await sign({ nonce: beginLogin().nonce }),
    'of no login': await sign({ nonce: undefined }),
    'without a subject': await sign({ sub: undefined }),
    'with an address that nobody has verified': await sign({ email_verified: false }),
    'signed by another': await stranger.sign({ ...claims, iss: issuer.url }),
    'signed by another that claims the key': await stranger.sign({ ...claims, iss: issuer.url }, { kid }),
    changed: [
      header,
      encode({ ...claims, iss: issuer.url, sub: 'jon', exp: now + 300, email: 'eve@wall.example' }),
      signature,
    ].join('.'),
    'not signed': `${encode({ alg: 'none' })}.${body}.`,
    'signed by what is public': `${forged}.${createHmac('sha256', kid).update(forged).digest('base64url')}`,
    'no token': 'abc',
    none: '',
  }
}

test('no other token than that of this login lets anybody in', async t => {
  const [issuer, stranger] = [await openLoginIssuer(t), await openLoginIssuer(t)]
  const { client } = createClient({ issuer: issuer.url }, Date.now)
  const proofs = beginLogin()
  const redeem = () => client.redeem(proofs, { code: 'c', state: proofs.state })
  for (const [title, token] of Object.entries(await createBadTokens(issuer, stranger, proofs))) {
    answerWith(issuer, token)
    const error = await t.throwsAsync<DispatchError>(redeem(), undefined, title)
    t.true(isEntry(error, 'OIDC_REFUSED'), title)
    t.notRegex(error?.message ?? '', /eyJ|wall\.example|127\.0/, title)
  }
  answerWith(issuer, await issuer.sign(goodClaims(proofs)))
  t.is(await redeem(), 'jon@wall.example')
})

test('an answer of another issuer, of another login, or without a code lets nobody in', async t => {
  const issuer = await openLoginIssuer(t)
  const { client, warnings } = createClient({ issuer: issuer.url }, Date.now)
  const proofs = beginLogin()
  answerWith(issuer, await issuer.sign(goodClaims(proofs)))
  const { state } = proofs
  const answers = {
    'of another issuer': { code: 'c', state, iss: 'https://evil.example' },
    'of another login': { code: 'c', state: beginLogin().state },
    'of no login': { code: 'c' },
    'without a code': { state },
    'with a token in it': { code: 'c', state, response: 'x.y.z' },
    refused: { state, error: 'access_denied', error_description: 'call +1 555 to get <b>help</b>' },
    'refused in strange words': { state, error: '<script>alert(1)</script>' },
  }
  for (const [title, answer] of Object.entries(answers)) {
    const error = await t.throwsAsync<DispatchError>(client.redeem(proofs, answer), undefined, title)
    t.true(isEntry(error, 'OIDC_REFUSED'), title)
    t.notRegex(error?.message ?? '', /[<>]|555|evil/, title)
  }
  t.is(warnings.length, Object.keys(answers).length, 'each is told to the operator')
  t.is(await client.redeem(proofs, { code: 'c', state, iss: issuer.url }), 'jon@wall.example')
})

test('what goes to the issuer tells it the hash of the verifier alone', async t => {
  const issuer = await openLoginIssuer(t)
  const { client } = createClient({ issuer: issuer.url }, Date.now)
  const proofs = beginLogin()
  const url = new URL(await client.authorizationUrl(proofs))
  t.like(Object.fromEntries(url.searchParams), {
    ...{ response_type: 'code', client_id: 'dispatch', scope: 'openid email', code_challenge_method: 'S256' },
    ...{ redirect_uri: `${externalUrl}/v1/iam/oidc/callback`, state: proofs.state, nonce: proofs.nonce },
  })
  t.false(url.href.includes(proofs.codeVerifier))
})

test('an issuer that cannot be asked is asked again later; one that was known goes on', async t => {
  const clock = createMovingClock()
  const issuer = await openLoginIssuer(t)
  const { client } = createClient({ issuer: issuer.url }, clock.nowMs)
  const begin = () => client.authorizationUrl(beginLogin())
  issuer.broken = { status: 500, body: '' }
  t.true(isEntry(await t.throwsAsync(begin()), 'ISSUER_UNREACHED'))
  issuer.broken = undefined
  t.true(isEntry(await t.throwsAsync(begin()), 'ISSUER_UNREACHED'), 'it was asked just now')
  clock.advance(10_000)
  await t.notThrowsAsync(begin())
  issuer.broken = { status: 500, body: '' }
  clock.advance(3_600_000)
  await t.notThrowsAsync(begin())
})

test('an issuer that does not answer for a code refuses nobody', async t => {
  const issuer = await openLoginIssuer(t)
  issuer.claims = { ...issuer.claims, token_endpoint: 'http://127.0.0.1:1/token' }
  const { client } = createClient({ issuer: issuer.url }, Date.now)
  const proofs = beginLogin()
  const error = await t.throwsAsync(client.redeem(proofs, { code: 'c', state: proofs.state }))
  t.true(isEntry(error, 'ISSUER_UNREACHED'))
})

test('an issuer that is not what it should be is of no use', async t => {
  const documents = {
    'another one': { issuer: 'https://other.example' },
    'its page is by HTTP elsewhere': { authorization_endpoint: 'http://login.example/' },
    'its page is no web address': { authorization_endpoint: 'javascript:alert(1)' },
    'too large': { more: 'x'.repeat(600_000) },
  }
  for (const [title, claims] of Object.entries(documents)) {
    const issuer = await openLoginIssuer(t)
    issuer.claims = { ...issuer.claims, ...claims }
    const { client } = createClient({ issuer: issuer.url }, Date.now)
    t.true(isEntry(await t.throwsAsync(client.authorizationUrl(beginLogin())), 'ISSUER_UNREACHED'), title)
  }
  const { client } = createClient({ issuer: 'http://login.example' }, Date.now)
  t.true(isEntry(await t.throwsAsync(client.authorizationUrl(beginLogin())), 'ISSUER_UNREACHED'))
})

test('logging out leads to where the issuer ends its own session, if it does', async t => {
  const issuer = await openLoginIssuer(t)
  const logoutUrl = () => createClient({ issuer: issuer.url }, Date.now).client.logoutUrl()
  t.true(isEntry(await t.throwsAsync(logoutUrl()), 'OIDC_NO_LOGOUT'))
  issuer.claims = { ...issuer.claims, end_session_endpoint: `${issuer.url}/end` }
  t.is(await logoutUrl(), `${issuer.url}/end?client_id=dispatch`)
})
