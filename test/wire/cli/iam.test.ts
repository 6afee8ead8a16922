/** `iam`: policies, service accounts and organizations, which servers without identities refuse. */
import { generateKeyPairSync } from 'node:crypto'
import test from 'ava'
import { createStage } from './stage.ts'

const accept = () => ({ status: 201, body: {} })

test('create: bodies and lines, the odd spelling of one included', async t => {
  const stage = await createStage(t, accept)
  stage.write('key.pem', 'ABC')
  for (const [line, stdout] of [
    ['iam create policy p -s a@b.c,d -s e -a get,create -r * --global', 'Created policy: p\n'],
    ['iam create policies p --subject a --action * --resource api', 'Created policy: p\n'],
    ['iam create serviceaccount s --public-key key.pem', 'Create service account: s\n'],
    ['iam create organizations o', 'Created organization: o\n'],
  ] as const)
    t.deepEqual(await stage.dispatch(line.split(' ')), { code: 0, stdout, stderr: '' }, line)
  t.deepEqual(
    stage.asked.map(({ url, body }) => `${url} ${body}`),
    [
      '/v1/iam/policy {"global":true,"name":"p","rules":[{"actions":["get","create"],"resources":["*"],"subjects":["a@b.c","d","e"]}]}',
      '/v1/iam/policy {"name":"p","rules":[{"actions":["*"],"resources":["api"],"subjects":["a"]}]}',
      '/v1/iam/serviceaccount {"name":"s","publicKey":"QUJD"}',
      '/v1/iam/organization {"name":"o"}',
    ],
  )
})

test('delete: lines', async t => {
  const stage = await createStage(t, accept)
  t.is((await stage.dispatch(['iam', 'delete', 'policy', 'p'])).stdout, 'Deleted policy: p\n')
  t.is((await stage.dispatch(['iam', 'delete', 'serviceaccounts', 's'])).stdout, 'Deleted ServiceAccount: s\n')
  t.is((await stage.dispatch(['iam', 'delete', 'organization', 'o'])).stdout, 'Deleted Organization: o\n')
  t.deepEqual(
    stage.asked.map(({ method, url }) => `${method} ${url}`),
    ['DELETE /v1/iam/policy/p', 'DELETE /v1/iam/serviceaccount/s', 'DELETE /v1/iam/organization/o'],
  )
})

test('a policy says who may do what to what', async t => {
  const stage = await createStage(t)
  const missing = await stage.dispatch(['iam', 'create', 'policy', 'p', '-s', 'a', '-a', ''])
  t.regex(missing.stderr, /^Error: required flag\(s\) "action", "resource" not set\nUsage:/)
  t.is(missing.code, 1)
})

test('a service account has a key, and a private one goes nowhere', async t => {
  const stage = await createStage(t)
  const without = await stage.dispatch(['iam', 'create', 'serviceaccount', 's'])
  t.is(without.stderr, 'Error reading public key file: open : no such file or directory\n')
  const lost = await stage.dispatch(['iam', 'create', 'serviceaccount', 's', '--public-key', 'no.pem'])
  t.is(lost.stderr, 'Error reading public key file: open no.pem: no such file or directory\n')
  stage.write(
    'private.pem',
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
  const wrong = await stage.dispatch(['iam', 'create', 'serviceaccount', 's', '--public-key', 'private.pem'])
  t.is(wrong.code, 1)
  t.regex(wrong.stderr, /^private\.pem holds a private key, .*: make the public one of it, see openssl pkey -pubout\n$/)
  t.is(stage.asked.length, 0)
})

const createdTime = 1795489070
const rule = { subjects: ['a'], actions: ['get'], resources: ['*'] }

test('the table of policies leaves out the rules and says so; --wide shows all of them', async t => {
  const policies = [
    { name: 'one', global: true, createdTime, rules: [rule, { ...rule, subjects: ['b'] }] },
    { name: 'two', createdTime, rules: [] },
  ]
  const stage = await createStage(t, () => ({ status: 200, body: policies }))
  t.is(
    (await stage.dispatch(['iam', 'get', 'policy'])).stdout,
    [
      'Note: rule contents are omitted, please use --wide or -w to print them',
      '  NAME | GLOBAL |         CREATED DATE          ',
      '--------------------------------------------',
      '  one  | true   | Tue Nov 24 02:57:50 UTC 2026  ',
      '  two  | false  | Tue Nov 24 02:57:50 UTC 2026  ',
      '',
    ].join('\n'),
  )
  const lines = (await stage.dispatch(['iam', 'get', 'policies', '-w'])).stdout.split('\n')
  t.regex(lines[0] ?? '', /^ {2}NAME \| GLOBAL \| +CREATED DATE +\| +RULES +$/)
  const cells = lines.slice(2).map(line => line.split('|')[3]?.trim())
  const text = (subject: string) => [
    '{',
    '"actions": [',
    '"get"',
    '],',
    '"resources": [',
    '"*"',
    '],',
    '"subjects": [',
    `"${subject}"`,
    ']',
    '}',
  ]
  t.deepEqual(cells.slice(0, -2), [...text('a'), ...text('b')])
  t.deepEqual(cells.slice(-2), ['', undefined])
})

test('service accounts and organizations: name and date', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: [{ name: 'one', createdTime }] }))
  const table = [
    '  NAME |         CREATED DATE          ',
    '------------------------------------',
    '  one  | Tue Nov 24 02:57:50 UTC 2026  ',
    '',
  ].join('\n')
  t.is((await stage.dispatch(['iam', 'get', 'serviceaccounts'])).stdout, table)
  t.is((await stage.dispatch(['iam', 'get', 'organization'])).stdout, table)
})

test('a server without identities says so, also about the update of a policy', async t => {
  const message = 'Endpoint is not implemented in this version of Dispatch'
  const stage = await createStage(t, () => ({ status: 501, body: { code: 501, message } }))
  stage.write('p.yaml', 'kind: Policy\nname: p\nrules:\n- {subjects: [a], actions: [get], resources: [api]}\n')
  const refused = { code: 1, stdout: '', stderr: `[Code: 501] ${message}\n` }
  for (const line of ['iam get policies', 'iam delete organization o', 'iam update -f p.yaml', 'apply -f p.yaml'])
    t.deepEqual(await stage.dispatch(line.split(' ')), refused, line)
  t.is(
    stage.asked.at(-1)?.body,
    '{"kind":"Policy","name":"p","rules":[{"actions":["get"],"resources":["api"],"subjects":["a"]}]}',
  )
})

test('a person learns from a server without identities what that means', async t => {
  const message = 'Endpoint is not implemented in this version of Dispatch'
  const stage = await createStage(t, () => ({ status: 501, body: { code: 501, message } }))
  const said = `[Code: 501] ${message}\n`
  const note = 'Note: this server knows no identities, it lets everybody in: it is older than they are\n'
  const seen = { stderrIsTerminal: true }
  t.is((await stage.dispatch(['iam', 'get', 'policies'], seen)).stderr, said + note)
  t.is((await stage.dispatch(['iam', 'get', 'policies', '--quiet'], seen)).stderr, said)
  t.is((await stage.dispatch(['get', 'images'], seen)).stderr, said)
})
