/** The single files of `npm run binaries`, copied away from the checkout and run where there is no Node. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import testAny, { type TestFn } from 'ava'
import { type CliResult, findFreePort } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'

interface Context {
  directory: string
  port: number
  server: ChildProcess
  dispatch(...args: string[]): Promise<CliResult>
}
const test = testAny as TestFn<Context>
const built = (name: string): string => fileURLToPath(new URL(`../../build/bin/${name}-linux-x64`, import.meta.url))
const example = (path: string): string => fileURLToPath(new URL(`../../server/runtimes/${path}`, import.meta.url))
/** Nothing is inherited, and no program is found by its name. */
const emptyEnv = { PATH: '/nonexistent' }

const runFile = (file: string, args: string[], env: NodeJS.ProcessEnv): Promise<CliResult> =>
  new Promise(resolve => {
    execFile(file, args, { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, stdout, stderr })
    })
  })

const hosts = (port: number) => ({ DISPATCH_HOST: '127.0.0.1', DISPATCH_PORT: String(port), DISPATCH_SCHEME: 'http' })

test.before(async t => {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-binaries-'))
  for (const name of ['dispatch', 'dispatch-server']) await copyFile(built(name), join(directory, name))
  const port = await findFreePort()
  const flags = ['--port', String(port), '--gateway-port', '0', '--db-file', join(directory, 'dispatch.db')]
  const server = spawn(join(directory, 'dispatch-server'), flags, { env: emptyEnv, cwd: directory, stdio: 'ignore' })
  const env = { ...emptyEnv, ...hosts(port), DISPATCH_ORGANIZATION: 'dispatch' }
  t.context = {
    directory,
    port,
    server,
    dispatch: (...args) => runFile(join(directory, 'dispatch'), args, env),
  }
  await until('the server is healthy', async () => {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`)
    return fetch(`http://127.0.0.1:${port}/healthz`).then(
      answer => answer.ok,
      () => false,
    )
  })
  t.is((await t.context.dispatch('create', 'seed-images')).code, 0)
})

test.after.always(async t => {
  const ended = new Promise(resolve => t.context.server.once('exit', resolve))
  t.context.server.kill()
  t.is(await ended, 0)
  await rm(t.context.directory, { recursive: true, force: true })
})

test('client and server tell their versions', async t => {
  const { code, stdout } = await t.context.dispatch('version')
  t.is(code, 0)
  t.regex(stdout, /^Client: \S+\nServer: v\S+-solo\n$/)
  const own = await runFile(join(t.context.directory, 'dispatch-server'), ['--version'], emptyEnv)
  t.is(own.code, 0)
  t.regex(own.stdout, /\d+\.\d+\.\d+/)
})

test('functions are listed', async t => {
  const { code, stdout } = await t.context.dispatch('get', 'functions')
  t.is(code, 0)
  t.regex(stdout, /^ +NAME +\| +FUNCTIONIMAGE +\| +STATUS/)
})

for (const [image, path] of [
  ['nodejs', 'nodejs/example/hello.js'],
  ['python3', 'python3/example/hello.py'],
] as const) {
  test(`a ${image} function runs, on the Node that the server has unpacked or on its image's own program`, async t => {
    const name = `hello-${image}`
    const created = await t.context.dispatch('create', 'function', name, example(path), '--image', image, '--wait')
    t.deepEqual(created, { code: 0, stdout: `Created function: ${name}\n`, stderr: '' })
    const { code, stdout } = await t.context.dispatch('run', name, '{"name": "Jon", "place": "Winterfell"}')
    t.is(code, 0)
    t.deepEqual(JSON.parse(stdout), { myField: 'Hello, Jon from Winterfell' })
  })
}

test('a driver of a built-in type runs the program that the server has unpacked', async t => {
  const created = await t.context.dispatch('create', 'eventdriver', 'http', '--name', 'hook', '--wait')
  t.deepEqual(created, { code: 0, stdout: 'Created event driver: hook\n', stderr: '' })
  const { stdout } = await t.context.dispatch('get', 'eventdriver', 'hook', '-o', 'json')
  t.is((await fetch(JSON.parse(stdout).url, { method: 'POST', body: 'x' })).status, 202)
})

test('the client runs in a container without Node', async t => {
  const line = ['run', '--rm', '--network', 'host', '--volume', `${t.context.directory}/dispatch:/dispatch:ro`]
  const variables = Object.entries(hosts(t.context.port)).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const image = 'dispatch-solo/python3:0.1.0'
  const args = [...line, ...variables, '--entrypoint', '/dispatch', image, 'version']
  const { code, stdout, stderr } = await runFile('docker', args, process.env)
  t.is(code, 0, stderr)
  t.regex(stdout, /^Client: \S+\nServer: v\S+-solo\n$/)
})
