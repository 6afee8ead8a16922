/** `iam bootstrap`: what it asks for, what it leaves, and the key that it writes. */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { createStage, type Stage } from './stage.ts'

const notFound = { status: 404, body: { code: 404, message: 'not found' } }
const conflict = { status: 409, body: { code: 409, message: 'there already' } }
const done = { status: 201, body: {} }
const linesOf = ({ asked }: Stage) =>
  asked.map(({ method, url, headers, body }) => `${method} ${url} in ${headers['x-dispatch-org']} ${body}`)
const policyOf = (subject: string) =>
  `{"name":"default-policy","global":true,"rules":[{"subjects":["${subject}"],"actions":["*"],"resources":["*"]}]}`

test('the first time it makes an organization, an account whose key only its owner reads, and a policy', async t => {
  const stage = await createStage(t, [done, notFound, done, notFound, done])
  t.deepEqual(await stage.dispatch(['iam', 'bootstrap']), {
    code: 0,
    stdout:
      'Created organization: dispatch\nCreated service account: default-svc, key: default-svc.pem\nCreated policy: default-policy\n',
    stderr: '',
  })
  const file = join(stage.cwd, 'default-svc.pem')
  t.is(statSync(file).mode & 0o777, 0o600)
  const key = createPrivateKey(readFileSync(file))
  t.is(key.asymmetricKeyDetails?.modulusLength, 4096)
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
  t.deepEqual(linesOf(stage), [
    'POST /v1/iam/organization in dispatch {"name":"dispatch"}',
    'GET /v1/iam/serviceaccount/default-svc in dispatch ',
    `POST /v1/iam/serviceaccount in dispatch {"name":"default-svc","publicKey":"${Buffer.from(publicKey).toString('base64')}"}`,
    `PUT /v1/iam/policy/default-policy in dispatch ${policyOf('dispatch/default-svc')}`,
    `POST /v1/iam/policy in dispatch ${policyOf('dispatch/default-svc')}`,
  ])
})

test('once more, what is there stays, and the policy is written anew', async t => {
  const stage = await createStage(t, [conflict, done, done])
  t.is(
    (await stage.dispatch(['iam', 'bootstrap'])).stdout,
    'Unchanged organization: dispatch\nUnchanged service account: default-svc\nUpdated policy: default-policy\n',
  )
  t.false(existsSync(join(stage.cwd, 'default-svc.pem')))
})

test('for a user it makes no account, in the organization that is named', async t => {
  const stage = await createStage(t, [done, done])
  const words = ['iam', 'bootstrap', '--user', 'jon', '--organization', 'north', '-o', 'json']
  t.deepEqual(JSON.parse((await stage.dispatch(words)).stdout), {
    organization: 'north',
    subject: 'jon',
    policy: 'default-policy',
  })
  t.deepEqual(linesOf(stage), [
    'POST /v1/iam/organization in north {"name":"north"}',
    `PUT /v1/iam/policy/default-policy in north ${policyOf('jon')}`,
  ])
})

test('a key that is there is not written over, and one whose account was refused does not stay', async t => {
  const stage = await createStage(t, [
    conflict,
    notFound,
    conflict,
    notFound,
    { status: 403, body: { code: 403, message: 'no' } },
  ])
  stage.write('default-svc.pem', 'somebody else’s')
  const taken = await stage.dispatch(['iam', 'bootstrap'])
  t.is(taken.stderr, 'error writing key file: default-svc.pem is there already; name another file\n')
  t.is(readFileSync(join(stage.cwd, 'default-svc.pem'), 'utf8'), 'somebody else’s')
  const refused = await stage.dispatch(['iam', 'bootstrap', '--key-file', 'new.pem'])
  t.deepEqual([refused.code, refused.stderr], [1, '[Code: 403] no\n'])
  t.false(existsSync(join(stage.cwd, 'new.pem')))
})

test('a name with a slash would be an account: it is refused before anything is asked for', async t => {
  const stage = await createStage(t)
  const { code, stderr } = await stage.dispatch(['iam', 'bootstrap', '--user', 'north/jon'])
  t.is(code, 1)
  t.regex(stderr, /no slash/)
  t.is(stage.asked.length, 0)
})
