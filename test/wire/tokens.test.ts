/** API tokens by the REST API of a server that asks who calls it. */
import test, { type ExecutionContext } from 'ava'
import { exampleKey } from '../../server/iam/example-key.ts'
import type { Token } from '../../server/iam/token-schema.ts'
import { giveAccount, giveOrganization, givePolicy, giveToken, giveUser } from '../helpers/credentials.ts'
import { createMovingClock } from '../helpers/moving-clock.ts'
import { createTestApp } from '../helpers/test-app.ts'
import { until } from '../helpers/wait.ts'

/** With a user that may do everything in the organization dispatch, and an organization that is none of his. */
async function createGuarded(t: ExecutionContext) {
  const clock = createMovingClock()
  const testApp = await createTestApp(t, {}, { auth: 'required', clock })
  const { store, call } = testApp
  await giveOrganization(store, 'elsewhere')
  await givePolicy(store, { subjects: ['jon'] })
  const jon = await giveToken(store, { subject: 'jon' })
  const create = async (body: object, headers: Record<string, string> = jon) => {
    const answer = await call('POST', '/v1/iam/token', body, headers)
    return { ...answer, headers: { authorization: `Bearer ${answer.body.token}` } }
  }
  const list = async (headers: Record<string, string>) => {
    const { status, body } = await call('GET', '/v1/function', undefined, headers)
    return [status, body.message]
  }
  return { ...testApp, clock, jon, create, list, tokens: store.collection<Token>('Token') }
}

const ok = [200, undefined]
const unknown = [401, 'unauthenticated for invalid credentials']

test('who shows no credential, or any, is refused', async t => {
  const { list } = await createGuarded(t)
  t.deepEqual(await list({ cookie: '' }), unknown)
  t.deepEqual(await list({ cookie: 'cookie' }), unknown)
  t.deepEqual(await list({ cookie: 'dst_wrong' }), unknown)
  t.deepEqual(await list({ authorization: 'Bearer dst_wrong' }), unknown)
})

test('a token is shown once, and acts for who created it', async t => {
  const { call, create, list, tokens } = await createGuarded(t)
  const { status, body, headers } = await create({ name: 'ci' })
  t.is(status, 201)
  t.regex(body.token, /^dst_[\w-]{43}$/)
  t.like(body, { kind: 'Token', name: 'ci', subject: 'jon', scope: null, expiresTime: null, lastUsedTime: null })
  t.deepEqual(await list(headers), ok)
  t.deepEqual(await list({ cookie: body.token }), ok)
  const shown = await call('GET', '/v1/iam/token', undefined, headers)
  t.like(
    shown.body.find(({ name }: { name: string }) => name === 'ci'),
    { name: 'ci', subject: 'jon' },
  )
  t.false(shown.text.includes(body.token))
  t.false(JSON.stringify(await tokens.list()).includes(body.token))
})

test('a token of a user is of that user, though an account has the same name', async t => {
  const { store, create, tokens } = await createGuarded(t)
  await giveAccount(store, 'dispatch/jon')
  t.is((await create({ name: 'a' })).status, 201)
  t.like(await tokens.get('dispatch', 'a'), { holder: { kind: 'user', subject: 'jon' } })
})

test('a token is refused as soon as it is deleted, though it was in use', async t => {
  const { call, create, list, jon } = await createGuarded(t)
  const { headers } = await create({ name: 'ci' })
  t.deepEqual(await list(headers), ok)
  t.is((await call('DELETE', '/v1/iam/token/ci', undefined, jon)).status, 200)
  t.deepEqual(await list(headers), unknown)
  t.is((await call('DELETE', '/v1/iam/token/ci', undefined, jon)).status, 404)
})

test('a token is refused when its time is over, though it was in use', async t => {
  const { clock, create, list } = await createGuarded(t)
  const { headers, body } = await create({ name: 'ci', lifetimeSeconds: 30 })
  t.is(body.expiresTime, Math.floor(clock.nowMs() / 1000) + 30)
  t.deepEqual(await list(headers), ok)
  clock.advance(31_000)
  const [status, message] = await list(headers)
  t.is(status, 401)
  t.regex(message, /it has expired; create a new one with dispatch iam create token/)
})

test('the use of a token is noted, once a minute at most', async t => {
  const { clock, create, list, tokens } = await createGuarded(t)
  const { headers } = await create({ name: 'ci' })
  const noted = async () => (await tokens.get('dispatch', 'ci'))?.lastUsedSeconds ?? undefined
  await list(headers)
  const first = await until('the use is noted', noted)
  clock.advance(59_000)
  await list(headers)
  clock.advance(2000)
  await list(headers)
  const second = await until('the later use is noted', async () => {
    const seconds = await noted()
    return seconds !== first && seconds
  })
  t.is(second - first, 61)
})

test('a token counts in its organization alone, wherever its subject has rights', async t => {
  const { store, create, list } = await createGuarded(t)
  await givePolicy(store, { subjects: ['jon'], global: true })
  const { headers } = await create({ name: 'ci' })
  t.deepEqual(await list({ ...headers, 'x-dispatch-org': '' }), ok)
  const [status, message] = await list({ ...headers, 'x-dispatch-org': 'elsewhere' })
  t.is(status, 403)
  t.regex(message, /user jon .*: the token counts in organization dispatch alone$/)
})

test('a scope narrows what its subject may do, also for tokens that are created with the token', async t => {
  const { call, create, list } = await createGuarded(t)
  const { headers } = await create({ name: 'reader', scope: ['*:get', 'iam:create'] })
  t.deepEqual(await list(headers), ok)
  const refused = await call('POST', '/v1/secret', { name: 's' }, headers)
  t.is(refused.status, 403)
  t.regex(refused.body.message, /: the scope of the token does not hold secret:create; see /)
  const wider = await create({ name: 'wider', scope: ['*:*'] }, headers)
  t.is(wider.status, 403)
  t.regex(wider.body.message, /more than the token that creates it, which has the scope \*:get, iam:create/)
  t.is((await create({ name: 'narrower', scope: ['function:get'] }, headers)).status, 201)
  t.deepEqual((await create({ name: 'same' }, headers)).body.scope, ['*:get', 'iam:create'])
})

test('a token makes none that lives longer than itself', async t => {
  const { clock, create } = await createGuarded(t)
  const { headers, body } = await create({ name: 'short', lifetimeSeconds: 600 })
  clock.advance(1000)
  const longer = await create({ name: 'longer', lifetimeSeconds: 601 }, headers)
  t.is(longer.status, 403)
  t.regex(longer.body.message, /^token longer would count longer than .*, which ends in 599 s: ask for a shorter time/)
  t.is((await create({ name: 'shorter', lifetimeSeconds: 599 }, headers)).status, 201)
  const same = await create({ name: 'same' }, headers)
  t.is(same.body.expiresTime, body.expiresTime)
  t.is((await create({ name: 'of-same', lifetimeSeconds: 600 }, same.headers)).status, 403)
  clock.advance(600_000)
  t.is((await create({ name: 'late' }, same.headers)).status, 401)
})

test('nobody gets the rights of somebody whom policies name for every organization', async t => {
  const { store, create } = await createGuarded(t)
  for (const name of ['arya', 'sansa']) await giveUser(store, name)
  t.is((await create({ name: 'of-arya', subject: 'arya' })).status, 201)
  await givePolicy(store, { subjects: ['sansa'], global: true })
  t.is((await create({ name: 'of-sansa', subject: 'sansa' })).status, 403)
})

test('a token of a service account is refused when that is not there any more, and of its successor', async t => {
  const { call, create, list, jon } = await createGuarded(t)
  const add = () => call('POST', '/v1/iam/serviceaccount', { name: 'robot', publicKey: exampleKey }, jon)
  await add()
  await call(
    'POST',
    '/v1/iam/policy',
    { name: 'p', rules: [{ subjects: ['robot'], actions: ['get'], resources: ['*'] }] },
    jon,
  )
  const { headers, body } = await create({ name: 'ci', subject: 'dispatch/robot' })
  t.is(body.subject, 'dispatch/robot')
  t.deepEqual(await list(headers), ok)
  await call('DELETE', '/v1/iam/serviceaccount/robot', undefined, jon)
  t.deepEqual(await list(headers), unknown)
  await add()
  t.deepEqual(await list(headers), unknown)
})

test('a token needs a subject that there is', async t => {
  const { call } = await createTestApp(t)
  const nobody = await call('POST', '/v1/iam/token', { name: 'ci' })
  t.is(nobody.body.message, 'token ci acts for nobody: name its subject, a user or a service account')
  const account = 'correct the name, or see dispatch iam create serviceaccount'
  const advice = {
    gone: 'correct the name, or create it first: dispatch iam create user gone, with --no-password for one of an issuer of OpenID Connect',
    'dispatch/gone': account,
    'elsewhere/robot': account,
    'oidc:gone': 'who logs in as that creates the token, without naming a subject',
  }
  for (const [subject, next] of Object.entries(advice)) {
    const { status, body } = await call('POST', '/v1/iam/token', { name: 'ci', subject })
    const cause = `${subject} is neither a user nor a service account of organization dispatch`
    t.deepEqual([status, body.message], [400, `token ci would act for nobody: ${cause}: ${next}`])
  }
})

test('a token of a user that only an issuer knows goes on, until another one who may deletes it', async t => {
  const { call, store, create, list, jon } = await createGuarded(t)
  const { headers } = await create({ name: 'ci' })
  await givePolicy(store, { subjects: ['ned'], resources: ['iam'], actions: ['get', 'delete'] })
  const ned = await giveToken(store, { subject: 'ned' })
  const { body } = await call('GET', '/v1/iam/token', undefined, ned)
  const shown = body.find(({ name }: { name: string }) => name === 'ci')
  t.like(shown, { subject: 'jon', status: 'READY' })
  t.deepEqual(await list(headers), ok)
  t.is((await call('DELETE', '/v1/iam/token/ci', undefined, ned)).status, 200)
  t.deepEqual(await list(headers), unknown)
  t.deepEqual(await list(jon), ok, 'its other ones go on')
})

test('it is told of each token whether it counts, and of one that does not why', async t => {
  const { call, store, clock, create, jon } = await createGuarded(t)
  await giveUser(store, 'arya')
  const statuses = async () => {
    const { body } = await call('GET', '/v1/iam/token', undefined, jon)
    return Object.fromEntries(body.map(({ name, status }: Record<string, string>) => [name, status]))
  }
  for (const token of [{ name: 'a' }, { name: 'b', lifetimeSeconds: 30 }, { name: 'c', subject: 'arya' }])
    t.is((await create(token)).body.status, 'READY')
  t.like(await statuses(), { a: 'READY', b: 'READY', c: 'READY' })
  clock.advance(30_000)
  await store.collection('User').remove('', 'arya')
  t.like(await statuses(), { a: 'READY', b: 'EXPIRED', c: 'REVOKED' })
  t.is((await call('GET', '/v1/iam/token/b', undefined, jon)).body.status, 'EXPIRED')
  t.is((await call('DELETE', '/v1/iam/token/c', undefined, jon)).body.status, 'REVOKED')
})

test('what is no scope is refused', async t => {
  const { create } = await createGuarded(t)
  for (const scope of ['runs', 'runs:fly', 'a b:get', ':get', '*']) {
    const { status, body } = await create({ name: 'ci', scope: [scope] })
    t.deepEqual([status, body.code], [422, 605], scope)
  }
  const { status, body } = await create({ name: 'ci', scope: ['run:get'] })
  t.is(status, 400)
  t.regex(body.message, /^there is no kind of objects run: name one of /)
})
