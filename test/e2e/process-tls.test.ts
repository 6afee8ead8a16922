/** The built server as a process that serves TLS: what it listens on, and what it says of certificates that are none. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { Agent, request } from 'undici'
import { cleanEnv } from '../helpers/live-server.ts'
import { oneLine, program, runServer, startIdle, temporaryDir, withoutDocker } from '../helpers/server-process.ts'
import { until } from '../helpers/wait.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))

for (const [title, certificate, pattern] of [
  ['a certificate that is not there', '/none.pem', /^TLS: ENOENT: .*'\/none\.pem'\n$/],
  [
    'a certificate of another key',
    fixture('gateway/shop.crt'),
    /^TLS: .*shop\.crt and .* are no certificate and its key: /,
  ],
] as const) {
  test(`${title} is refused at the start`, async t => {
    const file = join(await temporaryDir(t), 'dispatch.db')
    const ports = ['port', 'gateway-port', 'tls-port', 'gateway-tls-port'].flatMap(name => [`--${name}`, '0'])
    const tls = ['--enable-tls', '--tls-certificate', certificate, '--tls-certificate-key', fixture('cli/server.key')]
    oneLine(t, await runServer([...ports, ...tls, '--db-file', file], withoutDocker), pattern)
  })
}

test('the API and the gateway are served over TLS too', async t => {
  const { log } = await startIdle(t, { env: withoutDocker, overTls: true })
  const served = /Dispatch HTTP server: serving HTTPS traffic at (https:\/\/127\.0\.0\.1:\d+)/
  const [, url = ''] = served.exec(await log()) ?? []
  const trusting = new Agent({ connect: { rejectUnauthorized: false } })
  t.is((await request(`${url}/v1/version`, { dispatcher: trusting })).statusCode, 200)
  t.regex(await log(), /API Gateway: serving HTTPS traffic at https:/)
})

test('with HTTP switched off the API is served over TLS alone', async t => {
  const directory = await temporaryDir(t)
  const ports = ['gateway-port', 'tls-port', 'gateway-tls-port'].flatMap(name => [`--${name}`, '0'])
  const files = ['--tls-certificate', fixture('cli/server.crt'), '--tls-certificate-key', fixture('cli/server.key')]
  const flags = [...ports, '--enable-tls', '--disable-http', ...files, '--db-file', join(directory, 'dispatch.db')]
  const child = spawn(program, flags, { env: { ...cleanEnv, ...withoutDocker }, stdio: ['ignore', 'pipe', 'ignore'] })
  t.teardown(() => child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  let log = ''
  child.stdout.on('data', chunk => {
    log += chunk
  })
  await until('it listens', async () => log.includes('Dispatch HTTP server: serving HTTPS traffic at https://'))
  t.false(log.includes('Dispatch HTTP server: serving HTTP traffic'))
  child.kill()
  t.deepEqual(await ended, [0, null])
})
