/** Servers that tell their version to whom they know alone: what `version` and `doctor` make of it. */
import test, { type ExecutionContext } from 'ava'
import { version } from '../../../cli/version.ts'
import { type Asked, createStage } from './stage.ts'

const told = { version: `v${version}-solo` }
const hidden = { version: 'hidden' }

/** Knows whoever brings the token `known`. */
const createServer = (t: ExecutionContext) =>
  createStage(t, ({ url, headers }: Asked) => {
    const seen = headers.authorization === 'Bearer known' ? told : hidden
    if (url === '/v1/version') return { status: 200, body: seen }
    if (url === '/healthz') return { status: 200, body: { version: seen, auth: 'required' } }
    return { status: 401, body: { code: 401, message: 'unauthenticated for invalid credentials' } }
  })

test('version: asks again with its credentials', async t => {
  const stage = await createServer(t)
  const { stdout } = await stage.dispatch(['version', '--token', 'known', '--organization', 'o'])
  t.is(stdout, `Client: ${version}\nServer: v${version}-solo\n`)
  t.deepEqual(
    stage.asked.map(({ headers }) => headers.authorization),
    [undefined, 'Bearer known'],
  )
})

test('version: without credentials that count it prints what it is told, and fails no script', async t => {
  const { dispatch } = await createServer(t)
  t.deepEqual(await dispatch(['version']), { code: 0, stdout: `Client: ${version}\nServer: hidden\n`, stderr: '' })
})

test('doctor: says that the server asks for credentials, and compares versions where it is known', async t => {
  const { dispatch } = await createServer(t)
  const known = await dispatch(['doctor', '--token', 'known', '--organization', 'o'])
  t.regex(known.stdout, new RegExp(`^ok       version: ${version.replaceAll('.', '\\.')}$`, 'm'))
  t.regex(known.stdout, /^ok {7}access: required: who asks must be known to it, and allowed to by its policies$/m)
  const stranger = await dispatch(['doctor', '--organization', 'o'])
  t.regex(stranger.stdout, /^ok {7}version: .*; the server tells its own to whom it knows alone$/m)
  t.regex(stranger.stdout, /^problem {2}login: \[Code: 401\] .*: log in by dispatch login/m)
})

test('doctor: a server of before there were modes says nothing of them', async t => {
  const { dispatch } = await createStage(t, () => ({ status: 200, body: { version: told } }))
  t.notRegex((await dispatch(['doctor', '--organization', 'o'])).stdout, /access:/)
})
