/** Child processes that answer HTTP: floor.http and the peers. Each ends with its scope, or with the bench. */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cleanEnv, findFreePort } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'
import { prepareRequest, type Target } from './load.ts'
import { greeting, input, runPath } from './rest.ts'
import { oncePerScope, type Scope } from './scope.ts'

const peersDir = fileURLToPath(new URL('peers/', import.meta.url))
const body = JSON.stringify({ blocking: true, input })
/** What every contestant is sent, with the headers that a run needs. */
const targetAt = (port: number, headers: Record<string, string>): Target => ({
  port,
  request: prepareRequest(runPath('bench-python3'), headers, body),
  contains: greeting,
})
const headers = { cookie: 'cookie', 'x-dispatch-org': 'dispatch' }

export const openFloor = oncePerScope(async (scope: Scope): Promise<Target> => {
  const child = fork(fileURLToPath(new URL('floors/http.ts', import.meta.url)))
  scope.defer(() => child.disconnect())
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  child.once('message', port => resolve(Number(port)))
  child.once('exit', code => reject(new Error(`floor.http ended with ${code}`)))
  return targetAt(await promise, headers)
})

/** By the versions of their lock file, into a folder of their own; again when that file is younger than what it installed. */
function installPeers(): void {
  const timeOf = (name: string) => statSync(join(peersDir, name), { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (timeOf('node_modules/.package-lock.json') > timeOf('package-lock.json')) return
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: peersDir, stdio: 'inherit' })
}

async function reachAnswer(port: number, what: string, child: ChildProcess): Promise<void> {
  const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
  await until(`${what} answers`, async () => {
    if (child.exitCode !== null) throw new Error(`${what} ended with ${child.exitCode}`)
    return fetch(`http://127.0.0.1:${port}/`, options).then(
      async answer => (await answer.text()).includes(greeting),
      () => false,
    )
  })
}

async function openPeer(scope: Scope, name: string, command: (port: number) => [string, ...string[]]): Promise<Target> {
  installPeers()
  const port = await findFreePort()
  const [program, ...args] = command(port)
  const env = { ...cleanEnv, PORT: String(port), NODE_ENV: 'production' }
  // A bench that is killed takes its peers with it.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', program, ...args], {
    cwd: peersDir,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  scope.defer(() => child.kill())
  await reachAnswer(port, name, child)
  return targetAt(port, headers)
}

const frameworkMain = 'node_modules/@google-cloud/functions-framework/build/src/main.js'
const workerdMain = 'node_modules/@cloudflare/workerd-linux-64/bin/workerd'

export const openFunctionsFramework = oncePerScope((scope: Scope) =>
  openPeer(scope, 'functions-framework', () => [
    process.execPath,
    frameworkMain,
    '--source=hello.cjs',
    '--target=hello',
  ]),
)

export const openWorkerd = oncePerScope((scope: Scope) =>
  openPeer(scope, 'workerd', port => [workerdMain, 'serve', 'workerd.capnp', `--socket-addr=http=127.0.0.1:${port}`]),
)
