/** What systemd hears, by way of a stand-in for its binary and, where there is one, of the real binary and a real socket. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { createNotifier } from '../../../server/notify.ts'

const binary = '/usr/bin/systemd-notify'
const silent = { warn: () => {} }

function temporaryDir(t: ExecutionContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'dispatch-notify-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Sends all four messages from a process of its own, as the packages look at the environment of their process. */
async function sendAll(env: Record<string, string>): Promise<{ warnings: string[]; pid: number }> {
  const script = `const { createNotifier } = await import('${import.meta.resolve('../../../server/notify.ts')}')
    const warnings = []
    const notifier = createNotifier({ env: process.env, log: { warn: text => warnings.push(text) } })
    await notifier.ready()
    await notifier.status('serving on\\n127.0.0.1:8080')
    await notifier.watchdog()
    await notifier.stopping()
    console.log(JSON.stringify({ warnings, pid: process.pid }))`
  const options = { env, timeout: 60_000 }
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], options)
  return JSON.parse(stdout)
}

function standIn(t: ExecutionContext, exitCode: number): { dir: string; heard: () => string[] } {
  const dir = temporaryDir(t)
  const program = join(dir, 'systemd-notify')
  writeFileSync(program, `#!/bin/sh\necho "$@" >> ${dir}/heard\necho unreachable >&2\nexit ${exitCode}\n`)
  chmodSync(program, 0o755)
  const heard = () => (existsSync(`${dir}/heard`) ? readFileSync(`${dir}/heard`, 'utf8').trim().split('\n') : [])
  return { dir, heard }
}

test('ready, status, watchdog and stopping go through the binary, with the process that is watched', async t => {
  const { dir, heard } = standIn(t, 0)
  const { warnings, pid } = await sendAll({ PATH: `${dir}:/usr/bin:/bin`, NOTIFY_SOCKET: '/run/x' })
  t.deepEqual(heard(), [
    `--ready --pid=${pid}`,
    `--pid=${pid} --status=serving on 127.0.0.1:8080`,
    'WATCHDOG=1',
    'STOPPING=1',
  ])
  t.deepEqual(warnings, [])
})

test('without a socket nothing is sent and nothing watched', async t => {
  const { dir, heard } = standIn(t, 0)
  t.deepEqual((await sendAll({ PATH: `${dir}:/usr/bin:/bin` })).warnings, [])
  t.deepEqual(heard(), [])
  t.is(createNotifier({ env: { WATCHDOG_USEC: '1000' }, log: silent }).watchdogIntervalMs, undefined)
})

test('a failure is told once and fails nothing', async t => {
  const { dir, heard } = standIn(t, 1)
  const { warnings } = await sendAll({ PATH: `${dir}:/usr/bin:/bin`, NOTIFY_SOCKET: '/run/x' })
  t.is(heard().length, 4)
  t.deepEqual(warnings, ['systemd was not notified: unreachable'])
})

test('a missing binary is told too', async t => {
  const { warnings } = await sendAll({ PATH: temporaryDir(t), NOTIFY_SOCKET: '/run/x' })
  t.is(warnings.length, 1)
  t.regex(warnings[0] ?? '', /^systemd was not notified: .*ENOENT/)
})

test('the watchdog is fed twice in its time, if it watches this process', t => {
  const interval = (env: Record<string, string>) =>
    createNotifier({ env: { NOTIFY_SOCKET: '/run/x', ...env }, pid: 7, log: silent }).watchdogIntervalMs
  t.is(interval({ WATCHDOG_USEC: '30000000' }), 15_000)
  t.is(interval({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '7' }), 15_000)
  t.is(interval({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' }), undefined)
  t.is(interval({ WATCHDOG_USEC: 'x' }), undefined)
  t.is(interval({}), undefined)
})

test('the real binary delivers the messages to a socket', async t => {
  if (!existsSync(binary)) {
    t.log(`${binary} is missing: install the Debian package systemd`)
    t.falsy(process.env.CI)
    return
  }
  const socket = join(temporaryDir(t), 'notify.sock')
  const listener = `import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1]); print('bound', flush=True)
while True: print(repr(s.recv(4096).decode()), flush=True)`
  const child = spawn('python3', ['-c', listener, socket], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill())
  const lines: string[] = []
  const reader = createInterface(child.stdout).on('line', line => lines.push(line))
  await once(reader, 'line')
  const { warnings, pid } = await sendAll({ PATH: '/usr/bin:/bin', NOTIFY_SOCKET: socket })
  t.deepEqual(warnings, [])
  while (!lines.some(line => line.includes('STOPPING=1'))) await once(reader, 'line')
  const messages = lines.slice(1).filter(line => !line.includes('BARRIER=1'))
  t.deepEqual(messages, [
    `'READY=1\\nMAINPID=${pid}'`,
    `'STATUS=serving on 127.0.0.1:8080\\nMAINPID=${pid}'`,
    `'WATCHDOG=1'`,
    `'STOPPING=1'`,
  ])
})
