/** `login` with a password, by a code, and at a server that is named; `logout`; and the passwords of users. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { type Answer, type Asked, createStage, type Stage } from './stage.ts'

const env = { DISPATCH_CONFIG: 'c.json' }
/** Nothing but the config file says where the server is. */
const nowhere = { DISPATCH_CONFIG: 'c.json', DISPATCH_HOST: '', DISPATCH_PORT: '', DISPATCH_SCHEME: '' }
const opened: Answer = { status: 200, body: { user: 'jon', token: 'dss_new', expiresTime: 1 } }
const refused: Answer = { status: 401, body: { code: 401, message: 'the user or the password is wrong' } }

const readConfig = ({ cwd }: Stage) => JSON.parse(readFileSync(join(cwd, 'c.json'), 'utf8'))
const ownOf = ({ port }: Stage) => ({ host: '127.0.0.1', port, scheme: 'http', cookie: 'dss_old' })
const writeConfig = (stage: Stage, values: object = ownOf(stage)) =>
  stage.write('c.json', JSON.stringify({ current: 'a', contexts: { a: values } }))
const line = ({ method, url, body }: Asked) => `${method} ${url} ${body}`.trim()

test('a password is asked for, not shown, and exchanged for a session that is kept in a private file', async t => {
  const stage = await createStage(t, [opened])
  writeConfig(stage)
  const asked: string[] = []
  const askSecret = async (question: string) => {
    asked.push(question)
    return 'winter is coming'
  }
  const outcome = await stage.dispatch(['login', '--user', 'jon'], { env, canAsk: () => true, askSecret })
  const path = join(stage.cwd, 'c.json')
  t.deepEqual(outcome, { code: 0, stdout: `You have successfully logged in, cookie saved to ${path}\n`, stderr: '' })
  t.deepEqual(asked, ['Password of jon: '])
  t.deepEqual(stage.asked.map(line), ['POST /v1/iam/login {"user":"jon","password":"winter is coming"}'])
  t.is(stage.asked[0]?.headers.cookie, undefined)
  t.is(readConfig(stage).contexts.a.cookie, 'dss_new')
  t.is(statSync(path).mode & 0o777, 0o600)
})

test('a script gives the password by its standard input', async t => {
  const stage = await createStage(t, [opened])
  writeConfig(stage)
  const words = ['login', '-u', 'jon', '--password-stdin']
  t.is((await stage.dispatch(words, { env, readInput: async () => 'winter\r\nmore' })).code, 0)
  t.is(stage.asked[0]?.body, '{"user":"jon","password":"winter"}')
  const empty = await stage.dispatch(words, { env })
  t.deepEqual(empty, { code: 1, stdout: '', stderr: 'standard input does not hold a password\n' })
  const nobody = await stage.dispatch(['login', '--password-stdin'], { env })
  t.regex(nobody.stderr, /^Error: --password-stdin needs --user\n/)
})

test('a wrong password changes nothing, and is in no message', async t => {
  const stage = await createStage(t, [refused])
  writeConfig(stage)
  const words = ['login', '--user', 'jon', '--password-stdin']
  const outcome = await stage.dispatch(words, { env, readInput: async () => 'winter' })
  const stderr = 'error logging in: [Code: 401] the user or the password is wrong\n'
  t.deepEqual(outcome, { code: 1, stdout: '', stderr })
  t.is(readConfig(stage).contexts.a.cookie, 'dss_old')
})

const begun: Answer = {
  status: 200,
  body: {
    deviceCode: 'secret',
    userCode: 'BCDF-GHJK',
    verificationPath: '/v1/iam/device',
    expiresIn: 600,
    interval: 2,
  },
}
const waiting: Answer = { status: 428, body: { code: 428, message: 'in whatever words' } }

for (const words of [
  ['login', '--device'],
  ['login', '--user', 'jon'],
])
  test(`${words.join(' ')} without a terminal: a code is entered elsewhere`, async t => {
    const stage = await createStage(t, [begun, waiting, waiting, opened])
    writeConfig(stage)
    const { code, stderr } = await stage.dispatch(words, { env })
    const place = `http://127.0.0.1:${stage.port}/v1/iam/device`
    t.is(stderr, `Open ${place} in a browser on any computer and enter the code BCDF-GHJK\n`)
    t.is(code, 0)
    const poll = 'POST /v1/iam/device/token {"deviceCode":"secret"}'
    t.deepEqual(stage.asked.map(line), ['POST /v1/iam/device/code', poll, poll, poll])
    t.is(readConfig(stage).contexts.a.cookie, 'dss_new')
  })

test('where no browser can be opened the code is offered by itself', async t => {
  const stage = await createStage(t, [{ status: 200, body: '' }, begun, opened])
  writeConfig(stage)
  const pause = () => new Promise<void>(resolve => setImmediate(resolve))
  const openBrowser = () => Promise.reject(new Error('none'))
  const { code, stderr } = await stage.dispatch(['login'], { env, openBrowser, pause })
  t.is(code, 0, stderr)
  t.regex(stderr, /^Logging into: .*\nOpen .* enter the code BCDF-GHJK\n$/)
})

test('a device that is refused, or that nobody lets in, is not logged in', async t => {
  const over = { status: 401, body: { code: 401, message: 'this device was refused, or its code is too old' } }
  const stage = await createStage(t, [begun, over, begun, waiting, waiting])
  writeConfig(stage)
  const denied = await stage.dispatch(['login', '--device'], { env })
  t.regex(denied.stderr, /\n\[Code: 401\] this device was refused, or its code is too old\n$/)
  const late = await stage.dispatch(['login', '--device', '--wait-timeout', '4s'], { env })
  t.regex(late.stderr, /\nnobody has entered the code in time: begin again, with a longer --wait-timeout if need be\n$/)
  t.deepEqual([denied.code, late.code], [1, 1])
})

test('a server that is named gets a context of its own; nothing of the current one goes there', async t => {
  const stage = await createStage(t, [opened, opened])
  writeConfig(stage, { host: 'other', token: 'secret', cookie: 'dss_old', insecure: true, organization: 'mine' })
  const url = `http://127.0.0.1:${stage.port}`
  const words = ['login', url, '--user', 'jon', '--password-stdin']
  const readInput = async () => 'winter'
  t.is((await stage.dispatch(words, { env: nowhere, readInput })).code, 0)
  const values = { host: '127.0.0.1', port: stage.port, scheme: 'http', organization: 'dispatch', insecure: false }
  const expected = { ...values, cookie: 'dss_new' }
  t.deepEqual(readConfig(stage).contexts['127-0-0-1'], expected)
  t.is(readConfig(stage).current, '127-0-0-1')
  t.is((await stage.dispatch(words, { env: nowhere, readInput })).code, 0)
  t.deepEqual(Object.keys(readConfig(stage).contexts), ['127-0-0-1', 'a'])
  t.is(readConfig(stage).contexts.a.cookie, 'dss_old')
  for (const { headers } of stage.asked) t.is(headers.authorization, undefined)
})

for (const word of ['ftp://host', 'http://host/path', 'http://user:secret@host', 'http://', 'a b'])
  test(`no server: ${word}`, async t => {
    const stage = await createStage(t)
    const { code, stderr } = await stage.dispatch(['login', word], { env })
    t.is(code, 1)
    t.regex(stderr, /is no address of a server: it should look like https:\/\/HOST:PORT\n$/)
  })

test('logout ends the session on the server of the context, and forgets it even when that cannot be told', async t => {
  const stage = await createStage(t, [{ status: 204 }, refused])
  const context = ownOf(stage)
  const elsewhere = { ...env, DISPATCH_HOST: 'elsewhere.invalid' }
  for (const stderr of [/^$/, /^Note: the server was not told, .*the user or the password is wrong\n$/]) {
    writeConfig(stage, context)
    const outcome = await stage.dispatch(['logout', '--token', 'another'], { env: elsewhere, stderrIsTerminal: true })
    t.deepEqual([outcome.code, outcome.stdout], [0, 'You have successfully logged out\n'])
    t.regex(outcome.stderr, stderr)
    t.is(readConfig(stage).contexts.a.cookie, '')
  }
  t.deepEqual(
    stage.asked.map(({ method, url, headers }) => `${method} ${url} ${headers.cookie} ${headers.authorization}`),
    ['DELETE /v1/iam/session dss_old undefined', 'DELETE /v1/iam/session dss_old undefined'],
  )
})

test('users: made with a password that is typed twice, shown, deleted', async t => {
  const user = { name: 'jon', kind: 'User', hasPassword: true, createdTime: 1795489070 }
  const stage = await createStage(t, ({ method }) => ({ status: 200, body: method === 'GET' ? [user] : user }))
  const answers = ['winter is coming', 'winter is coming', 'one', 'another']
  const asking = { canAsk: () => true, askSecret: async () => answers.shift() }
  const words = ['iam', 'create', 'user', 'jon']
  t.deepEqual(await stage.dispatch(words, asking), { code: 0, stdout: 'Created user: jon\n', stderr: '' })
  t.is((await stage.dispatch(words, asking)).stderr, 'the two passwords differ\n')
  t.is((await stage.dispatch(words, asking)).stderr, 'interrupted\n')
  t.regex((await stage.dispatch(words)).stderr, /^there is no terminal to ask for a password: use --password-stdin\n$/)
  t.is((await stage.dispatch([...words, '--no-password'])).code, 0)
  const both = await stage.dispatch([...words, '--no-password', '--password-stdin'])
  t.regex(both.stderr, /^Error: --no-password and --password-stdin exclude each other\n/)
  t.regex((await stage.dispatch(['iam', 'get', 'users'])).stdout, /NAME \| PASSWORD \|.*\n-+\n +jon +\| true/)
  t.is((await stage.dispatch(['iam', 'delete', 'user', 'jon'])).stdout, 'Deleted user: jon\n')
  t.deepEqual(stage.asked.map(line), [
    'POST /v1/iam/user {"name":"jon","password":"winter is coming"}',
    'POST /v1/iam/user {"name":"jon"}',
    'GET /v1/iam/user',
    'DELETE /v1/iam/user/jon',
  ])
})

test('set-password: that of a user keeps its tags, one’s own is asked for first', async t => {
  const tags = [{ key: 'a', value: 'b' }]
  const stage = await createStage(t, ({ method }) =>
    method === 'POST' ? { status: 204 } : { status: 200, body: { name: 'jon', tags } },
  )
  const readInput = async () => 'one\ntwo\n'
  const other = await stage.dispatch(['iam', 'set-password', 'jon', '--password-stdin'], { readInput })
  t.deepEqual(other, { code: 0, stdout: 'Set the password of jon\n', stderr: '' })
  const own = await stage.dispatch(['iam', 'set-password', '--password-stdin'], { readInput })
  t.deepEqual(own, {
    code: 0,
    stdout: 'Set the password. All your sessions have ended: log in again by dispatch login\n',
    stderr: '',
  })
  t.deepEqual(stage.asked.map(line), [
    'GET /v1/iam/user/jon',
    'PUT /v1/iam/user/jon {"name":"jon","password":"one","tags":[{"key":"a","value":"b"}]}',
    'POST /v1/iam/password {"currentPassword":"one","password":"two"}',
  ])
})

test('set-password: who has come without a login is told so before anything is asked', async t => {
  const stage = await createStage(t)
  const readInput = async () => {
    t.fail('nothing is to be read')
    return ''
  }
  for (const how of [
    ['--token', 'dst_x'],
    ['--socket', 'api.sock'],
  ]) {
    const { code, stderr } = await stage.dispatch(['iam', 'set-password', '--password-stdin', ...how], { readInput })
    t.is(code, 1)
    t.regex(stderr, /^only who has logged in has a password of their own: dispatch login --user NAME; /)
  }
  const few = await stage.dispatch(['iam', 'set-password', '--password-stdin'], { readInput: async () => 'one\n' })
  t.is(few.stderr, 'standard input does not hold 2 passwords, one a line: present password, then new password\n')
  t.deepEqual(stage.asked, [])
})

test('an address without a scheme has the one of --scheme', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: { token: 'dss_x' } }))
  const words = ['login', `127.0.0.1:${stage.port}`, '--scheme', 'http', '--user', 'jon', '--password-stdin']
  t.like(await stage.dispatch(words, { readInput: async () => 'winter is not coming yet' }), { code: 0, stderr: '' })
  t.is(stage.asked[0]?.url, '/v1/iam/login')
})

test('who types a password that goes to another machine in clear is told so first', async t => {
  const stage = await createStage(t, [opened])
  const asked: string[] = []
  const askSecret = async (question: string) => {
    asked.push(question)
    return undefined
  }
  const asking = { env: nowhere, canAsk: () => true, stderrIsTerminal: true, askSecret }
  const note = /^Note: the password goes to dispatch.invalid in clear, because the scheme is http\n/
  const logIn = async (url: string) => (await stage.dispatch(['login', url, '--user', 'jon'], asking)).stderr
  t.regex(await logIn('http://dispatch.invalid'), note)
  for (const url of ['https://dispatch.invalid', `http://127.0.0.1:${stage.port}`, 'http://[::1]:1'])
    t.notRegex(await logIn(url), /in clear/)
  t.is(asked.length, 4)
})
