/** Policies, service accounts and organizations as clients make, see, change and delete them. */
import { generateKeyPairSync } from 'node:crypto'
import test from 'ava'
import { createTestApp, type TestApp } from '../../../helpers/test-app.ts'

const rules = [{ actions: ['get', 'read'], resources: ['secret'], subjects: ['jon@example.com', 'other/robot'] }]
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const rsa = (modulusLength: number, type: 'spki' | 'pkcs1') =>
  generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type, format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
const robot = rsa(2048, 'spki')

test('a policy is answered as it was sent, and has no life cycle', async t => {
  const { call } = await createTestApp(t)
  const created = await call('POST', '/v1/iam/policy', { name: 'readers', rules })
  t.is(created.status, 201)
  t.like(created.body, { kind: 'Policy', name: 'readers', rules, status: 'READY' })
  t.false('global' in created.body)
  t.deepEqual((await call('GET', '/v1/iam/policy')).body, [created.body])
  const global = await call('PUT', '/v1/iam/policy/readers', { ...created.body, global: true })
  t.like(global, { status: 200, body: { global: true, id: created.body.id, createdTime: created.body.createdTime } })
  t.like(await call('DELETE', '/v1/iam/policy/readers'), { status: 200, body: { name: 'readers', status: 'DELETING' } })
  t.like(await call('GET', '/v1/iam/policy/readers'), { status: 404, body: { message: 'policy readers not found' } })
})

test('a rule that lacks something is refused: by name what is not there, in one text what is empty', async t => {
  const { call } = await createTestApp(t)
  const refusalOf = async (body: object) => (await call('POST', '/v1/iam/policy', { name: 'p', ...body })).body
  const incomplete = { code: 400, message: 'invalid rule definition, missing required fields' }
  const [rule] = rules
  t.deepEqual(await refusalOf({ rules: [] }), incomplete)
  for (const field of ['actions', 'resources', 'subjects'])
    t.deepEqual(await refusalOf({ rules: [{ ...rule, [field]: [] }] }), incomplete, field)
  t.deepEqual(await refusalOf({ rules: [{ ...rule, subjects: [''] }] }), incomplete)
  t.like(await refusalOf({}), { code: 602, message: 'rules in body is required' })
  t.like(await refusalOf({ rules: [{ ...rule, actions: [''] }] }), {
    code: 606,
    message: 'rules.0.actions.0 in body should be one of [get create update delete read *]',
  })
  t.like(await refusalOf({ rules: [{ ...rule, resources: ['a b'] }] }), { code: 605 })
  const unknown = await refusalOf({ rules: [rule, { ...rule, resources: ['secret', 'functions'] }] })
  t.is(unknown.code, 400)
  t.regex(unknown.message, /^there is no kind of objects functions: name one of api, .*, or \* for all of them$/)
})

test('a service account has a name that may hold dots, and a key of either form', async t => {
  const { call } = await createTestApp(t)
  for (const [name, { publicKey }] of [['ci.robot', robot] as const, ['old', rsa(2048, 'pkcs1')] as const]) {
    const created = await call('POST', '/v1/iam/serviceaccount', { name, domain: 'd', publicKey: base64(publicKey) })
    t.like(created, { status: 201, body: { kind: 'ServiceAccount', name, status: 'READY' } })
    t.false('domain' in created.body)
    t.like(await call('GET', `/v1/iam/serviceaccount/${name}`), { status: 200, body: created.body })
    t.is((await call('PUT', `/v1/iam/serviceaccount/${name}`, created.body)).status, 200)
    t.like((await call('DELETE', `/v1/iam/serviceaccount/${name}`)).body, { status: 'DELETING' })
    t.is((await call('GET', `/v1/iam/serviceaccount/${name}`)).status, 404)
  }
})

const refused: [string, string, string][] = [
  ['no base64', '%%%', 'public key is not base64 encoded'],
  ['nothing', '', 'public key is not base64 encoded'],
  ['no PEM text', base64('key'), 'invalid public key or public key not in PEM format'],
  ['a key of another kind', base64(ed25519()), 'invalid public key or public key not in PEM format'],
  ['the private key', base64(robot.privateKey), 'invalid public key or public key not in PEM format'],
  [
    'a short key',
    base64(rsa(1024, 'spki').publicKey),
    'an RSA key of 1024 bits is too short, make one of 2048 bits or more',
  ],
]
function ed25519(): string {
  return generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString()
}
for (const [what, publicKey, cause] of refused)
  test(`${what} as the key of a service account is refused, also of one that is there`, async t => {
    const { call } = await createTestApp(t)
    const expected = { status: 400, body: { code: 400, message: `error validating service account: ${cause}` } }
    t.like(await call('POST', '/v1/iam/serviceaccount', { name: 'robot', publicKey }), expected)
    await call('POST', '/v1/iam/serviceaccount', { name: 'robot', publicKey: base64(robot.publicKey) })
    t.like(await call('PUT', '/v1/iam/serviceaccount/robot', { name: 'robot', publicKey }), expected)
  })

const elsewhere = { 'x-dispatch-org': 'elsewhere' }
const namesIn = async ({ call }: TestApp, headers: Record<string, string>) =>
  (await call('GET', '/v1/iam/organization', undefined, headers)).body.map(({ name }: { name: string }) => name)

test('an organization is the same from wherever it is looked at, and once', async t => {
  const app = await createTestApp(t)
  const { call } = app
  const created = await call('POST', '/v1/iam/organization', { name: 'b' }, { 'x-dispatch-org': '' })
  t.like(created, { status: 201, body: { kind: 'Organization', name: 'b', status: 'READY' } })
  t.is((await call('POST', '/v1/iam/organization', { name: 'b' }, elsewhere)).status, 409)
  await call('POST', '/v1/iam/organization', { name: 'a' })
  t.deepEqual(await namesIn(app, elsewhere), ['a', 'b'])
  t.is((await call('PUT', '/v1/iam/organization/b', created.body, elsewhere)).status, 200)
  t.like((await call('DELETE', '/v1/iam/organization/b', undefined, elsewhere)).body, { status: 'DELETING' })
  t.deepEqual(await namesIn(app, {}), ['a'])
})

test('what is in an organization stays when it goes', async t => {
  const { call } = await createTestApp(t)
  await call('POST', '/v1/iam/organization', { name: 'elsewhere' })
  await call('POST', '/v1/secret', { name: 's', secrets: {} }, elsewhere)
  await call('DELETE', '/v1/iam/organization/elsewhere')
  t.is((await call('GET', '/v1/secret/s', undefined, elsewhere)).status, 200)
})

test('the two pages of words say them, and where the mode is open whoever asks would be let in', async t => {
  const { call } = await createTestApp(t)
  t.deepEqual((await call('GET', '/', undefined, { cookie: '' })).body, { message: 'Default Root Page' })
  t.deepEqual((await call('GET', '/home')).body, { message: 'Home Page, You have already logged in' })
  t.is((await call('GET', '/home', undefined, { cookie: '' })).status, 401)
  const { status, headers } = await call('GET', '/v1/iam/auth')
  t.is(status, 202)
  t.is(headers['x-dispatch-org'], 'dispatch')
})

test('a path of iam that is not there is named', async t => {
  const { call } = await createTestApp(t)
  t.is((await call('GET', '/v1/iam/role')).body.message, 'path /v1/iam/role was not found')
})
