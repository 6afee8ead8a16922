/** The program behind `npm start`: the built server on this machine's Docker, and what a person needs to try it. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const dataDir = `${root}build/local`
const logFile = `${dataDir}/server.log`
const { values } = parseArgs({ strict: false, options: { port: { type: 'string' } } })
const port = Number(values.port ?? process.env.DISPATCH_PORT ?? 8080)
const url = `http://127.0.0.1:${port}`

const welcome = `
Dispatch Solo is ready.

  API      ${url}/v1
  health   ${url}/healthz
  data     build/local, with the log in server.log (remove the folder to begin anew)

Try it in a second terminal, in this folder:

  export DISPATCH_CONFIG=build/local/cli.json PATH="$PWD/dist:$PATH"
  dispatch create seed-images
  dispatch create function hello server/runtimes/python3/example/hello.py --image python3
  dispatch exec hello --wait --input '{"name": "Jon", "place": "Winterfell"}'

Ctrl-C here stops it: calls under way are finished first, and no container stays behind.
`

function writeCliConfig(): void {
  mkdirSync(dataDir, { recursive: true })
  const context = { host: '127.0.0.1', port, scheme: 'http', organization: 'dispatch', cookie: 'cookie' }
  writeFileSync(
    `${dataDir}/cli.json`,
    `${JSON.stringify({ current: 'local', contexts: { local: context } }, null, 4)}\n`,
  )
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

if ((await askHealth()) !== undefined) {
  console.error(`A server answers on ${url} already: stop it, or choose another port with DISPATCH_PORT=9080 npm start`)
  process.exit(1)
}
execFileSync('tsup', { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
writeCliConfig()
const flags = ['--port', String(port), '--db-file', `${dataDir}/dispatch.db`, ...process.argv.slice(2)]
const log = openSync(logFile, 'a')
const server = spawn(`${root}dist/dispatch-server`, flags, { stdio: ['ignore', log, log] })
server.once('exit', code => {
  if (code !== 0) console.error(`${readLastMessage()}\nThe whole log: build/local/server.log`)
  else console.log('Stopped; nothing was left behind.')
  process.exit(code ?? 1)
})
// The terminal sends Ctrl-C to the server as well: this process only has to outlive it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => void server.kill('SIGTERM'))
let fault = await askHealth()
for (; fault === undefined; fault = await askHealth()) await pause(50)
console.log(welcome)
if (fault) console.error(`Functions wait for Docker. ${fault}\n`)
