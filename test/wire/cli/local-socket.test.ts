/** When the command line goes by the socket of a server on this machine, and when it must not. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createStage } from './stage.ts'

async function createMachine(t: ExecutionContext) {
  const stage = await createStage(t, () => ({ status: 200, body: [] }))
  const socketPath = join(stage.cwd, 'api.sock')
  const asked: string[] = []
  const server = createServer(({ url = '', headers }, response) => {
    asked.push(`${url} ${headers['x-dispatch-org']}`)
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('[]')
  })
  await new Promise<void>(resolve => server.listen(socketPath, resolve))
  t.teardown(() => server.close())
  const nowhere = { DISPATCH_HOST: '', DISPATCH_PORT: '', DISPATCH_SCHEME: '' }
  const overTcp = { DISPATCH_HOST: '127.0.0.1', DISPATCH_PORT: String(stage.port), DISPATCH_SCHEME: 'http' }
  const configure = (context: object) => {
    mkdirSync(join(stage.homeDir, '.dispatch'), { recursive: true })
    const contexts = { solo: { organization: 'dispatch', ...context } }
    writeFileSync(join(stage.homeDir, '.dispatch/config.json'), JSON.stringify({ current: 'solo', contexts }))
  }
  const list = (words: string[] = [], env: Record<string, string> = nowhere) =>
    stage.dispatch(['get', 'images', ...words], { env, socketPath })
  return { ...stage, socketPath, overSocket: asked, overTcp, configure, list }
}

/** The port of the stage is none that these contexts name: whoever goes by TCP fails. */
const contexts: readonly (readonly [title: string, context: object, isLocal: boolean])[] = [
  ['a context that names no host', {}, true],
  [
    "the context of the original's appliance",
    { port: 8080, scheme: 'http', insecure: true, 'api-https-port': 443 },
    true,
  ],
  ['a cookie that says nothing about anybody', { cookie: 'cookie' }, true],
  ['a host', { host: '127.0.0.1', port: 1, scheme: 'http' }, false],
  ['a cookie of a login', { cookie: 'dss_x', port: 1 }, false],
  ['a token', { token: 'dst_x', port: 1 }, false],
  ['a service account', { serviceaccount: 'x', port: 1 }, false],
  ['a socket that is none', { socket: 'none', port: 1 }, false],
]
for (const [title, context, isLocal] of contexts)
  test(`${title}: ${isLocal ? 'by' : 'not by'} the socket`, async t => {
    const { configure, list, overSocket } = await createMachine(t)
    configure(context)
    const { code } = await list()
    t.is(code, isLocal ? 0 : 1)
    t.deepEqual(overSocket, isLocal ? ['/v1/image dispatch'] : [])
  })

test('without any config file this machine is meant', async t => {
  const { list, overSocket } = await createMachine(t)
  t.deepEqual(await list(['--organization', 'o', '-o', 'json']), { code: 0, stdout: '[]\n', stderr: '' })
  t.deepEqual(overSocket, ['/v1/image o'])
})

test('a host on the command line or in the environment beats a socket in the context, a port does too', async t => {
  const { configure, list, overSocket, overTcp, asked, socketPath, port } = await createMachine(t)
  configure({ socket: socketPath })
  await list([], overTcp)
  t.is(asked.length, 1)
  await list(['--port', String(port), '--scheme', 'http'])
  t.is(asked.length, 2)
  t.deepEqual(overSocket, [])
})

test('a socket that is named is used, whoever asks, and beats the host of a weaker source', async t => {
  const { configure, list, overSocket, overTcp, asked } = await createMachine(t)
  configure({ host: 'elsewhere', token: 'dst_x' })
  await list(['--socket', 'api.sock'])
  await list(['--socket', 'api.sock'], overTcp)
  await list([], { ...overTcp, DISPATCH_SOCKET: 'api.sock' })
  t.is(overSocket.length, 3)
  t.deepEqual(asked, [])
})

test('a key that is lost is in nobody’s way at the socket', async t => {
  const { configure, list, overSocket } = await createMachine(t)
  configure({ serviceaccount: 'dispatch/x', jwtprivatekey: 'lost.pem' })
  t.like(await list(['--socket', 'api.sock']), { code: 0, stderr: '' })
  t.is(overSocket.length, 1)
})

test('where there is no socket, or nobody listens at it, the host counts as ever', async t => {
  const { cwd, dispatch, configure, asked, port } = await createMachine(t)
  configure({ port, scheme: 'http' })
  writeFileSync(join(cwd, 'dead.sock'), '')
  const env = { DISPATCH_HOST: '', DISPATCH_PORT: '', DISPATCH_SCHEME: '' }
  for (const name of ['none.sock', 'dead.sock'])
    t.is((await dispatch(['get', 'images'], { env, socketPath: join(cwd, name) })).code, 0)
  t.is(asked.length, 2)
})

test('a socket that is named and cannot be opened: why, and what to do', async t => {
  const { cwd, list } = await createMachine(t)
  t.deepEqual(await list(['--socket', 'none.sock']), {
    code: 1,
    stdout: '',
    stderr: `unexpected error received from server: Get "http://dispatch.localhost/v1/image": local socket ${join(cwd, 'none.sock')}: no such file; is the server running? See --socket, or --host\n`,
  })
  writeFileSync(join(cwd, 'dead.sock'), '')
  chmodSync(join(cwd, 'dead.sock'), 0o600)
  t.regex((await list(['--socket', 'dead.sock'])).stderr, /nothing listens there; is the server running\?/)
})
