/** `iam`: API tokens. */
import test from 'ava'
import { createStage } from './stage.ts'

const token = {
  ...{ id: 'd31a1a5c-79cd-4e6d-9d4e-0d6a3c1e4a5b', kind: 'Token', name: 'ci', subject: 'dispatch/robot' },
  ...{ scope: ['runs:create', '*:get'], createdTime: 1795489070, expiresTime: 1795489070, lastUsedTime: null },
  ...{ status: 'READY', tags: null },
}
const create = ['iam', 'create', 'token', 'ci']

test('create: the token is printed once, and what it is limited to is sent', async t => {
  const stage = await createStage(t, () => ({ status: 201, body: { ...token, token: 'dst_secret' } }))
  const plain = await stage.dispatch(create)
  t.deepEqual(plain, { code: 0, stdout: 'Created token: ci\ndst_secret\n', stderr: '' })
  const quiet = await stage.dispatch([
    ...create,
    '--quiet',
    '--subject',
    'robot',
    '--scope',
    'runs:create,*:get',
    '--expires',
    '30d',
  ])
  t.is(quiet.stdout, 'dst_secret\n')
  const json = await stage.dispatch([...create, '-o', 'json'])
  t.deepEqual(JSON.parse(json.stdout), { ...token, token: 'dst_secret' })
  t.deepEqual(
    stage.asked.map(({ method, url, body }) => `${method} ${url} ${body}`),
    [
      'POST /v1/iam/token {"name":"ci"}',
      'POST /v1/iam/token {"name":"ci","subject":"robot","scope":["runs:create","*:get"],"lifetimeSeconds":2592000}',
      'POST /v1/iam/token {"name":"ci"}',
    ],
  )
})

test('create: what could mean something else is refused, with what to write, before anything is asked', async t => {
  const stage = await createStage(t)
  const refuse = async (...words: string[]) => {
    const { code, stderr } = await stage.dispatch([...create, ...words])
    t.is(code, 1)
    return stderr
  }
  for (const scope of ['runs', 'runs:creat', ':get'])
    t.regex(
      await refuse('--scope', scope),
      /^--scope \S+ is not RESOURCE:ACTION, such as runs:create; actions are get, create, .*\n$/,
    )
  for (const time of ['30', '0', '0s'])
    t.is(
      await refuse('--expires', time),
      `--expires ${time} is no time of a second or more, with its unit, such as 12h or 30d\n`,
    )
  t.regex(await refuse('--expires', '1mo'), /not a duration such as 30s, 2m, 12h or 500ms: "1mo"\n/)
  t.deepEqual(stage.asked, [])
})

test('get: who acts by each token, for what, how long, and when it was used', async t => {
  const stage = await createStage(t, () => ({
    status: 200,
    body: [token, { ...token, name: 'all', scope: null, status: 'REVOKED', expiresTime: null }],
  }))
  const { stdout } = await stage.dispatch(['iam', 'get', 'tokens'])
  const rows = stdout.split('\n').map(line => line.split('|').map(cell => cell.trim()))
  t.deepEqual(rows[0], ['NAME', 'SUBJECT', 'SCOPE', 'STATUS', 'EXPIRES', 'LAST USED', 'CREATED DATE'])
  const date = 'Tue Nov 24 02:57:50 UTC 2026'
  t.deepEqual(rows[2], ['ci', 'dispatch/robot', 'runs:create, *:get', 'READY', date, 'never', date])
  t.deepEqual(rows[3], ['all', 'dispatch/robot', '', 'REVOKED', 'never', 'never', date])
})

test('delete: one line', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: token }))
  t.is((await stage.dispatch(['iam', 'delete', 'token', 'ci'])).stdout, 'Deleted token: ci\n')
  t.deepEqual(
    stage.asked.map(({ method, url }) => `${method} ${url}`),
    ['DELETE /v1/iam/token/ci'],
  )
})

test('a token is never changed: there is no edit, and no file has one', async t => {
  const stage = await createStage(t)
  stage.write('token.yaml', 'kind: Token\nname: ci\n')
  t.not((await stage.dispatch(['apply', '-f', 'token.yaml'])).code, 0)
  t.is(stage.asked.length, 0)
})
