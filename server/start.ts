/** The program behind `npm start`: the built server on this machine's Docker, and what a person needs to try it. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { dirname, relative } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Loaded, loadConfig } from './config.ts'
import { messageOf } from './core/errors.ts'
import { isDatabaseInUse } from './store/sqlite-file.ts'
import { version } from './version.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
// DISPATCH_CONFIG is left out: in a terminal where the dispatch command was set up it names that command's file.
const { DISPATCH_CONFIG: _, ...env } = process.env
const args = ['--db-file', `${root}build/local/dispatch.db`, ...process.argv.slice(2)]

/** As the server itself will read it: its port may come from anywhere. */
function load(): Loaded {
  try {
    const readFile = (path: string): string => readFileSync(path, 'utf8')
    const here = { cwd: process.cwd(), memoryBytes: totalmem() }
    return loadConfig({ argv: args, env, readFile, ...here, version: version.version })
  } catch (thrown) {
    console.error(messageOf(thrown))
    process.exit(1)
  }
}

const loaded = load()
if (loaded.mode !== 'run') {
  process.stdout.write(loaded.text)
  process.exit(0)
}
const { dbFile, host: bound, port, gatewayPort, tls } = loaded.config
const dataDir = dirname(dbFile)
const logFile = `${dataDir}/server.log`
const cliConfigFile = `${dataDir}/cli.json`
const host = ['0.0.0.0', '::'].includes(bound) ? '127.0.0.1' : bound
const urlAt = (at: number | undefined): string => `http://${host.includes(':') ? `[${host}]` : host}:${at}`
const url = urlAt(port)
const shown = (path: string): string => relative(process.cwd(), path) || '.'

const welcome = `
Dispatch Solo is ready.

  API      ${url}/docs
  health   ${url}/healthz
  gateway  ${gatewayPort === 0 ? 'a free port, which the log tells' : urlAt(gatewayPort)}
  data     ${shown(dataDir)}, with the log in server.log (remove the folder to begin anew)

Try it in a second terminal, in this folder:

  export DISPATCH_CONFIG="${cliConfigFile}" PATH="${root}dist:$PATH"
  dispatch create seed-images
  dispatch create function hello server/runtimes/python3/example/hello.py --image python3 --wait
  dispatch exec hello --wait --input '{"name": "Jon", "place": "Winterfell"}'

Ctrl-C here stops it: calls under way are finished first, and no container stays behind.
`

function writeCliConfig(): void {
  const apiPorts = { 'api-http-port': gatewayPort, ...(tls && { 'api-https-port': tls.gatewayPort }) }
  const context = { host, port, scheme: 'http', organization: 'dispatch', cookie: 'cookie', ...apiPorts }
  const config = { current: 'local', contexts: { local: context } }
  writeFileSync(cliConfigFile, `${JSON.stringify(config, null, 4)}\n`, { mode: 0o600 })
}

/** Why Docker does not answer, '' when it does; undefined while there is no server. */
async function askHealth(): Promise<string | undefined> {
  try {
    const body: unknown = await (await fetch(`${url}/healthz`)).json()
    return typeof body === 'object' && body !== null && 'docker' in body ? String(body.docker) : ''
  } catch {
    return undefined
  }
}

/** pino's lines are for machines; a person gets the message alone. */
function readLastMessage(): string {
  const line = readFileSync(logFile, 'utf8').trim().split('\n').at(-1) ?? ''
  return line.startsWith('{') ? String(JSON.parse(line).msg) : line
}

/** Why it must not begin: before the log and the programs of a server that runs are touched. */
async function findObstacle(): Promise<string | undefined> {
  if (port === undefined) return 'npm start asks over HTTP: leave disable-http out'
  if (port === 0) return 'npm start has to know its port: choose one, as in DISPATCH_PORT=9080 npm start'
  if (isDatabaseInUse(dbFile))
    return `A server with its data in ${shown(dataDir)} runs already, most likely an npm start of this folder: use that one, or stop it by Ctrl-C in its terminal`
  if ((await askHealth()) !== undefined)
    return `A server answers on ${url} already: stop it, or choose another port with DISPATCH_PORT=9080 npm start`
  return undefined
}

const obstacle = await findObstacle()
if (obstacle !== undefined) {
  console.error(obstacle)
  process.exit(1)
}
execFileSync('tsup', { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
mkdirSync(dataDir, { recursive: true })
const log = openSync(logFile, 'a')
const server = spawn(`${root}dist/dispatch-server`, args, { stdio: ['ignore', log, log], env })
server.once('exit', code => {
  if (code !== 0) console.error(`${readLastMessage()}\nThe whole log: ${shown(logFile)}`)
  else console.log('Stopped; nothing was left behind.')
  process.exit(code ?? 1)
})
let isStopping = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!isStopping) console.log('\nStopping: calls under way have up to 15 s.')
    isStopping = true
    server.kill('SIGTERM')
  })
}
let fault = await askHealth()
for (; fault === undefined; fault = await askHealth()) await pause(50)
writeCliConfig()
console.log(welcome)
if (fault) console.error(`Functions wait for Docker. ${fault}\n`)
