/** What a terminal gets below an error of the server: what to do next. Scripts get the error alone. */
import test from 'ava'
import { createStage } from './stage.ts'

const there = { code: 409, message: 'it already exists' }
const change = 'to change what is there'

for (const [line, body, note] of [
  ['create function f a.py --image i', there, `${change}: dispatch update function NAME PATH`],
  ['create -f b.yaml', there, `${change}, too: dispatch apply -f FILE`],
  ['create secret s secret.json', there, `${change}: dispatch edit secret NAME`],
  ['create event-driver ticker', there, `${change}: dispatch edit eventdriver NAME`],
  ['iam create user jon --no-password', there, 'to give it another password: dispatch iam set-password NAME'],
  [
    'iam create token ci',
    there,
    'tokens are not changed: choose another name, or first dispatch iam delete token NAME',
  ],
  [
    'iam create serviceaccount s --public-key s.pub',
    { code: 400, message: 'error validating service account: invalid public key' },
    'it takes an RSA key: openssl genrsa -out NAME.pem 4096 && openssl rsa -in NAME.pem -pubout -out NAME.pub',
  ],
  [
    'get images',
    { code: 401, message: 'unauthenticated' },
    'log in by dispatch login, or see --token and --service-account',
  ],
  ['iam create organizations o', there, `${change}: dispatch edit organization NAME`],
  [
    'iam get policies',
    { code: 501, message: 'not implemented' },
    'this server knows no identities, it lets everybody in: it is older than they are',
  ],
  [
    'create subscription f',
    { code: 605, message: "eventType in body should match '^[\\w\\d\\-\\.]+$'" },
    'name a type: --event-type user.created, or user.* for all that begin so',
  ],
  ['run f', { code: 404, message: 'function f is not READY' }, 'why: dispatch describe function NAME'],
  [
    'get functions',
    { code: 602, message: 'X-Dispatch-Org in header is required' },
    'name an organization: --organization, DISPATCH_ORGANIZATION, or in the context',
  ],
] as const)
  test(`a terminal learns what to do next: ${line}`, async t => {
    const stage = await createStage(t, () => ({ status: 400, body }))
    stage.write('a.py', '')
    stage.write('s.pub', 'no key')
    stage.write('b.yaml', 'kind: Secret\nname: s\n')
    stage.write('secret.json', '{}')
    const error = `[Code: ${body.code}] ${body.message}\n`
    t.is((await stage.dispatch(line.split(' '))).stderr, error)
    t.is((await stage.dispatch(line.split(' '), { stderrIsTerminal: true })).stderr, `${error}Note: ${note}\n`)
  })

test('other errors come alone', async t => {
  const stage = await createStage(t, () => ({ status: 422, body: { code: 602, message: 'name in body is required' } }))
  const { stderr } = await stage.dispatch(['get', 'functions'], { stderrIsTerminal: true })
  t.is(stderr, '[Code: 602] name in body is required\n')
})

test('the seed set differs from what is there: it may be applied', async t => {
  const stage = await createStage(t, ({ method }) =>
    method === 'POST' ? { status: 409, body: there } : { status: 200, body: { dockerUrl: 'other' } },
  )
  const { stderr } = await stage.dispatch(['create', 'seed'], { stderrIsTerminal: true })
  t.is(stderr, `[Code: 409] it already exists\nNote: ${change}: dispatch apply seed-images\n`)
})
