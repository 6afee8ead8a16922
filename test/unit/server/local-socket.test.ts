/** The local socket: who may open it, what it does with what lies in its place, and that no credential is asked for there. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, lstat, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import { connect, createServer as createNetServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import { listenLocally } from '../../../server/local-socket.ts'
import { createTestApp } from '../../helpers/test-app.ts'
import { until } from '../../helpers/wait.ts'

async function stage(t: ExecutionContext, groups = '') {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-socket-'))
  const groupsFile = join(directory, 'group')
  await writeFile(groupsFile, groups)
  const lines: string[] = []
  const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) }
  const open = (server: Server, { path = join(directory, 'api.sock'), isDefault = false } = {}) => {
    t.teardown(() => server.close())
    return listenLocally({ server, path, isDefault, log, groupsFile })
  }
  t.teardown(() => rm(directory, { recursive: true }))
  return { directory, path: join(directory, 'api.sock'), lines, open }
}

/** Stopped with its queue of clients full. */
async function startBusy(t: ExecutionContext, path: string): Promise<void> {
  const program = 'net.createServer().listen({ path: process.argv[1], backlog: 1 }, () => console.log("ready"))'
  const child = spawn(process.execPath, ['-e', program, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  child.kill('SIGSTOP')
  await until('its queue is full', async () => {
    const client = connect(path)
    t.teardown(() => client.destroy())
    return await once(client, 'connect').then(
      () => false,
      () => true,
    )
  })
}

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)

const ask = (socketPath: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path: '/v1/function', headers }, answer => {
      text(answer).then(body => resolve({ status: answer.statusCode ?? 0, body }), reject)
    })
    outgoing.once('error', reject)
    outgoing.end()
  })

test('without the group the socket is for its owner alone', async t => {
  const { open, path, lines } = await stage(t, 'root:x:0:\n')
  await open(createServer())
  t.is(await modeOf(path), '600')
  t.deepEqual(lines, [
    `Dispatch HTTP server: serving HTTP traffic at unix:${path}, for root and this server's own user`,
  ])
})

test('it is for members of group dispatch where the server is of that group', async t => {
  const { open, path } = await stage(t, `root:x:0:\ndispatch:x:${process.getgid?.()}:jon\n`)
  await open(createServer())
  t.is(await modeOf(path), '660')
  t.is((await stat(path)).gid, process.getgid?.() ?? -1)
})

test('what root serves is given to the group; anybody else must not pretend to', async t => {
  const { open, path } = await stage(t, 'dispatch:x:54321:\n')
  await open(createServer())
  const isRoot = process.getuid?.() === 0
  t.is(await modeOf(path), isRoot ? '660' : '600')
  t.is((await stat(path)).gid === 54321, isRoot)
})

test('the socket of a server that was killed is taken over, that of one that answers is not', async t => {
  const { open, path } = await stage(t)
  const killed = createNetServer()
  await new Promise<void>(resolve => killed.listen(`${path}.old`, resolve))
  // A server that ends removes its socket by the name that it knew.
  await rename(`${path}.old`, path)
  await new Promise(resolve => killed.close(resolve))
  t.true((await lstat(path)).isSocket())
  await open(createServer())
  await t.throwsAsync(open(createServer()), {
    message: `the local socket cannot be opened at ${path}: another server listens there; choose another path with --socket, or none`,
  })
})

test('that of a server too busy to answer is not taken over', async t => {
  const { open, path } = await stage(t)
  await startBusy(t, path)
  const { ino } = await lstat(path)
  await t.throwsAsync(open(createServer()), { message: /another server listens there/ })
  t.is((await lstat(path)).ino, ino)
})

test('a file that is no socket is left alone', async t => {
  const { open, path } = await stage(t)
  await writeFile(path, 'precious')
  await t.throwsAsync(open(createServer()), { message: /a file that is no socket is there/ })
  t.is(await readFile(path, 'utf8'), 'precious')
})

test('at the default place it may be missing: without its directory in silence, else with a warning', async t => {
  const { open, path, directory, lines } = await stage(t)
  await open(createServer(), { path: join(directory, 'none/api.sock'), isDefault: true })
  t.deepEqual(lines, [])
  await writeFile(path, '')
  await chmod(path, 0o600)
  await open(createServer(), { isDefault: true })
  t.regex(lines.join(), /^the local socket cannot be opened at /)
})

test('who comes by the socket needs no credential, who comes by another way needs one, whatever it says of itself', async t => {
  const { app, call } = await createTestApp(t)
  await app.api.ready()
  const { open, path } = await stage(t)
  await open(app.apiOnSocket)
  t.deepEqual(await ask(path, { 'x-dispatch-org': 'o' }), { status: 200, body: '[]' })
  const claims = { cookie: '', 'x-real-ip': 'local', 'x-forwarded-for': '127.0.0.1', host: 'dispatch.localhost' }
  t.is((await call('GET', '/v1/function', undefined, claims)).status, 401)
})
