/** `npm start` as a person meets it: what it prints, in a terminal where the CLI was set up before, and what Ctrl-C leaves. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { cleanEnv, findFreePort, runCli } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'

const program = fileURLToPath(new URL('../../server/start.ts', import.meta.url))

/** The port may be said in each way that the server knows. */
const cases = [
  ['SIGINT', 'DISPATCH_PORT'],
  ['SIGHUP', '--port'],
] as const

for (const [signal, said] of cases) {
  test.serial(
    `npm start by ${said}: ready, the printed configuration works, ${signal} leaves no container`,
    async t => {
      const directory = await mkdtemp(join(tmpdir(), 'dispatch-start-'))
      t.teardown(() => rm(directory, { recursive: true, force: true }))
      const config = join(directory, 'cli.json')
      const port = String(await findFreePort())
      const gatewayPort = String(await findFreePort())
      const env = { ...cleanEnv, DISPATCH_CONFIG: config, DISPATCH_GATEWAY_PORT: gatewayPort }
      const inFlag = said === '--port'
      const flags = ['--db-file', join(directory, 'dispatch.db'), ...(inFlag ? ['--port', port] : [])]
      const child = spawn(process.execPath, [program, ...flags], {
        env: inFlag ? env : { ...env, DISPATCH_PORT: port },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      t.teardown(() => child.kill('SIGKILL'))
      let printed = ''
      child.stdout.on('data', chunk => {
        printed += chunk
      })
      const ended = new Promise(resolve => child.once('exit', resolve))
      await until('it says that it is ready', async () => printed.includes('Dispatch Solo is ready.'))
      t.true(printed.includes(`http://127.0.0.1:${port}/docs`))
      t.is((await fetch(`http://127.0.0.1:${port}/docs`)).status, 200)
      t.true(printed.includes(`gateway  http://127.0.0.1:${gatewayPort}\n`))
      t.is((await fetch(`http://127.0.0.1:${gatewayPort}`)).status, 404)
      t.true(printed.includes(`DISPATCH_CONFIG="${config}"`))
      t.is((await runCli(['create', 'seed-images'], env)).code, 0)
      const instance = (await readFile(join(directory, 'dispatch-data/instance-id'), 'utf8')).trim()
      const filter = `label=io.dispatchframework.solo.instance=${instance}`
      const containers = () => execFileSync('docker', ['ps', '-aq', '--filter', filter], { encoding: 'utf8' })
      await until('the pools are being filled', async () => containers() !== '')
      const log = await readFile(join(directory, 'server.log'), 'utf8')
      for (const second of [port, String(await findFreePort())]) {
        const again = spawnSync(process.execPath, [program, '--db-file', join(directory, 'dispatch.db')], {
          env: { ...env, DISPATCH_PORT: second },
          encoding: 'utf8',
        })
        t.regex(
          again.stderr,
          /^A server with its data in .* runs already, most likely an npm start of this folder: .*\n$/,
        )
        t.is(again.status, 1)
      }
      t.false((await readFile(join(directory, 'server.log'), 'utf8')).slice(log.length).includes('in use'))
      child.kill(signal)
      t.is(await ended, 0)
      // As capture 174 shows it.
      t.is(containers(), '')
      t.true(printed.includes('Stopped; nothing was left behind.'))
    },
  )
}
