/** The built server as a process: what it says and how it ends when something is wrong, and what systemd hears of it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import test, { type ExecutionContext } from 'ava'
import { oneLine, program, runServer, startIdle, temporaryDir, withoutDocker } from '../helpers/server-process.ts'
import { until } from '../helpers/wait.ts'

test.serial('a port in use: one line that says so, and nothing is left', async t => {
  const directory = await temporaryDir(t)
  const taken = createServer().listen(0, '127.0.0.1')
  t.teardown(() => taken.close())
  await once(taken, 'listening')
  const address = taken.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  const otherPorts = { port: '--gateway-port', 'gateway-port': '--port' }
  for (const [key, other] of Object.entries(otherPorts)) {
    const flags = [`--${key}`, port, other, '0']
    const ended = await runServer([...flags, '--db-file', join(directory, 'dispatch.db')])
    oneLine(t, ended, new RegExp(`127\\.0\\.0\\.1:${port}: another program listens there: .*--${key}\n$`))
  }
  const instance = (await readFile(join(directory, 'dispatch-data/instance-id'), 'utf8')).trim()
  const filter = ['--filter', `label=io.dispatchframework.solo.instance=${instance}`]
  t.is((await runServer(['ps', '-aq', ...filter], {}, 'docker')).stdout, '')
})

const badConfigs: [string, (directory: string) => Promise<string[]>, RegExp][] = [
  [
    'a config file that is not there',
    async dir => ['--config', join(dir, 'none.yaml')],
    /read the config file: .*ENOENT/,
  ],
  ['a folder as config file', async dir => ['--config', dir], /Unable to read the config file: /],
  [
    'a config file that is not well-formed',
    async dir => ['--config', await written(dir, 'a: [secret')],
    /not well-formed: (?!.*secret)/,
  ],
  [
    'an unknown key',
    async dir => ['--config', await written(dir, 'prot: 1')],
    /unknown key prot in .*config\.yaml; the nearest is port/,
  ],
  [
    'a bad value in the file',
    async dir => ['--config', await written(dir, 'port: many')],
    /port: "many" from file .*config\.yaml is not allowed; it must be a whole number from/,
  ],
  [
    'a bad value in a flag',
    async () => ['--drain-timeout', 'soon'],
    /drain-timeout: "soon" from flag .*a duration such as/,
  ],
  [
    'a store of the original that is not there',
    async () => ['--db-backend', 'postgres'],
    /^error creating an entity store postgres: not supported; .*; leave db-backend out/,
  ],
  ['an unknown flag', async () => ['--prot', '1'], /unknown flag --prot; the nearest is --port/],
]

async function written(directory: string, text: string): Promise<string> {
  const path = join(directory, 'config.yaml')
  await writeFile(path, text)
  return path
}

for (const [title, args, pattern] of badConfigs) {
  test(`${title}: one line and exit code 1`, async t => {
    oneLine(t, await runServer(await args(await temporaryDir(t))), pattern)
  })
}

test('a way to Docker that does not exist is refused at the start', async t => {
  const file = join(await temporaryDir(t), 'dispatch.db')
  oneLine(
    t,
    await runServer(['--db-file', file, '--port', '0', '--gateway-port', '0'], { DOCKER_HOST: 'ssh://host' }),
    /use unix:\/\/ or tcp:/,
  )
})

test('help and version go to stdout', async t => {
  const help = await runServer(['--help'])
  t.like(help, { code: 0, stderr: '' })
  t.regex(help.stdout, /^Functions.*\n\nUsage: dispatch-server \[flags\]/)
  t.regex((await runServer(['--version'])).stdout, /^dispatch-server v?\d+\.\d+\.\d+\S*\n$/)
})

test('the printed configuration says where values come from and shows no secret', async t => {
  const path = await written(await temporaryDir(t), 'db-password: hunter2\n')
  const args = ['--config', path, '--print-config', '--port', '9']
  const { code, stdout } = await runServer(args, { DISPATCH_DRAIN_TIMEOUT: '3s' })
  t.is(code, 0)
  t.regex(stdout, /^port: 9 # flag --port$/m)
  t.regex(stdout, /^drain-timeout: "3s" # environment DISPATCH_DRAIN_TIMEOUT$/m)
  t.false(stdout.includes('hunter2'))
})

test('without any Node the launcher says what to do and ends with 2', async t => {
  const directory = join(await temporaryDir(t), 'dist')
  await mkdir(directory)
  const launcher = join(directory, 'dispatch-server')
  await copyFile(program, launcher)
  oneLine(t, await runServer([], { DISPATCH_NODE: '' }, launcher), /no Node 24 found.*npm ci.*DISPATCH_NODE/, 2)
})

test.serial('two servers on one database, or on one data directory: the second one says so', async t => {
  const { directory, stop } = await startIdle(t, { env: withoutDocker })
  const start = (name: string) => runServer(['--port', '0', '--db-file', join(directory, name)], withoutDocker)
  oneLine(t, await start('dispatch.db'), /dispatch\.db: it is in use by another process; .*--db-file/)
  oneLine(t, await start('other.db'), /data directory .*dispatch-data: another server uses it; .*--data-dir/)
  t.is(await stop(), 0)
})

test.serial('without Docker the server serves what it can and names what is missing', async t => {
  const server = await startIdle(t, { env: withoutDocker })
  const health = await fetch(`${server.url}/healthz`)
  t.is(health.status, 503)
  t.regex(JSON.parse(await health.text()).docker, /unix:\/\/\/nonexistent\.sock is not running: start it/)
  t.regex(await server.log(), /is not running: start it .*Functions answer again once Docker does/)
  t.is((await server.cli('create', 'seed-images')).code, 0)
  t.regex((await server.cli('get', 'base-image', 'python3-base')).stdout, /INITIALIZED/)
  t.is(await server.stop('SIGINT'), 0)
})

test.serial('a client that only half sent its request holds up no stop', async t => {
  const server = await startIdle(t, { env: withoutDocker })
  const socket = connect(server.port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  socket.on('error', () => undefined)
  const head = ['POST /v1/function HTTP/1.1', 'Host: x', 'Cookie: cookie', 'Content-Type: application/json']
  socket.write(`${[...head, 'Content-Length: 99'].join('\r\n')}\r\n\r\n{`)
  await fetch(`${server.url}/v1/version`)
  t.is(await server.stop(), 0)
})

const listener = `import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1]); print('bound', flush=True)
while True: print(repr(s.recv(4096).decode()), flush=True)`

async function listenAsSystemd(t: ExecutionContext): Promise<{ socket: string; heard: string[]; child: ChildProcess }> {
  const socket = join(await temporaryDir(t), 'notify.sock')
  const child = spawn('python3', ['-c', listener, socket], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill())
  const heard: string[] = []
  createInterface(child.stdout).on('line', line => heard.push(line))
  await until('the listener is bound', async () => heard.length > 0)
  return { socket, heard, child }
}

test.serial('systemd hears of readiness, life and the end', async t => {
  const { socket, heard } = await listenAsSystemd(t)
  const env = { ...withoutDocker, NOTIFY_SOCKET: socket, WATCHDOG_USEC: '200000' }
  const server = await startIdle(t, { env })
  const count = (text: string) => heard.filter(line => line.includes(text)).length
  await until('signs of life', async () => count('WATCHDOG=1') > 2)
  t.is(count(`READY=1\\nMAINPID=${server.pid}`), 1)
  t.is(count(`STATUS=serving on 127.0.0.1:${server.port}`), 1)
  t.is(count('STOPPING=1'), 0)
  t.is(await server.stop(), 0)
  await until('the end is told', async () => count('STOPPING=1') === 1)
})
