/** `iam bootstrap`: what it asks for, what it leaves, and the key that it writes. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { createStage, type Stage } from './stage.ts'

const notFound = { status: 404, body: { code: 404, message: 'not found' } }
const conflict = { status: 409, body: { code: 409, message: 'there already' } }
const done = { status: 201, body: {} }
const linesOf = ({ asked }: Stage) =>
  asked.map(({ method, url, headers, body }) => `${method} ${url} in ${headers['x-dispatch-org']} ${body}`)
const policyOf = (...subjects: string[]) => ({
  name: 'default-policy',
  global: true,
  rules: [{ subjects, actions: ['*'], resources: ['*'] }],
})
const found = (body: object) => ({ status: 200, body })
const textOf = (value: object) => JSON.stringify(value)
const accountOf = (pem: string | Buffer) => ({ name: 'default-svc', publicKey: Buffer.from(pem).toString('base64') })
const newPair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

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
    'GET /v1/iam/policy/default-policy in dispatch ',
    `POST /v1/iam/policy in dispatch ${textOf(policyOf('dispatch/default-svc'))}`,
  ])
})

const unchangedPolicy = 'Unchanged policy: default-policy\nEverything is allowed to: dispatch/default-svc\n'

test('once more, an account whose key is here stays, be it in the key file or that of the login', async t => {
  const { publicKey, privateKey } = newPair()
  const policy = found(policyOf('dispatch/default-svc'))
  const once = [conflict, found(accountOf(publicKey)), policy]
  const stage = await createStage(t, [...once, ...once])
  const unchanged = `Unchanged organization: dispatch\nUnchanged service account: default-svc\n${unchangedPolicy}`
  stage.write('default-svc.pem', privateKey)
  t.is((await stage.dispatch(['iam', 'bootstrap'])).stdout, unchanged)
  const loggedIn = ['--service-account', 'dispatch/default-svc', '--jwt-private-key', 'default-svc.pem']
  t.is((await stage.dispatch(['iam', 'bootstrap', '--key-file', 'other.pem', ...loggedIn])).stdout, unchanged)
  t.false(existsSync(join(stage.cwd, 'other.pem')))
})

test('an account whose key is lost gets a new one, and is told so', async t => {
  const policy = found(policyOf('dispatch/default-svc'))
  const stage = await createStage(t, [conflict, found(accountOf(newPair().publicKey)), done, policy])
  const { stdout } = await stage.dispatch(['iam', 'bootstrap'])
  const account = 'Updated service account: default-svc, new key: default-svc.pem; the former one counts no more'
  t.is(stdout, `Unchanged organization: dispatch\n${account}\n${unchangedPolicy}`)
  const publicKey = createPublicKey(readFileSync(join(stage.cwd, 'default-svc.pem'))).export({
    type: 'spki',
    format: 'pem',
  })
  t.is(linesOf(stage)[2], `PUT /v1/iam/serviceaccount/default-svc in dispatch ${textOf(accountOf(publicKey))}`)
})

test('for a user it makes no account, in the organization that is named', async t => {
  const stage = await createStage(t, [done, notFound, done, found([{ name: 'jon' }])])
  const words = ['iam', 'bootstrap', '--user', 'jon', '--organization', 'north', '-o', 'json']
  t.deepEqual(JSON.parse((await stage.dispatch(words)).stdout), {
    organization: 'north',
    subject: 'jon',
    policy: 'default-policy',
  })
  t.deepEqual(linesOf(stage), [
    'POST /v1/iam/organization in north {"name":"north"}',
    'GET /v1/iam/policy/default-policy in north ',
    `POST /v1/iam/policy in north ${textOf(policyOf('jon'))}`,
    'GET /v1/iam/user in north ',
  ])
})

test('a user joins those whom the policy names, other rules stay, and who is not there yet is told of', async t => {
  const reading = { subjects: ['arya'], actions: ['get'], resources: ['*'] }
  const former = policyOf('dispatch/default-svc')
  const policy = found({ ...former, rules: [reading, ...former.rules] })
  const stage = await createStage(t, [conflict, policy, done, found([])])
  const { stdout } = await stage.dispatch(['iam', 'bootstrap', '--user', 'jon'])
  t.regex(
    stdout,
    /\nEverything is allowed to: dispatch\/default-svc, jon\nThere is no user jon yet: dispatch iam create/,
  )
  const joined = policyOf('dispatch/default-svc', 'jon')
  t.deepEqual(JSON.parse(stage.asked[2]?.body ?? ''), { ...joined, rules: [...joined.rules, reading] })
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
  t.is(
    taken.stderr,
    'error writing key file: default-svc.pem is there already, and holds no key of this account: move it away, or name another file by --key-file\n',
  )
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
