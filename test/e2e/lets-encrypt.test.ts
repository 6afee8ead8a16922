/** The built server and an authority that speaks ACME: the domain's certificate is there by itself, and is renewed. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { startPebble } from '../helpers/pebble.ts'
import { startIdle, temporaryDir, withoutDocker } from '../helpers/server-process.ts'
import { makePair, shake } from '../helpers/tls-stage.ts'
import { until } from '../helpers/wait.ts'

const domain = 'solo.example'

/** Whether who trusts the authority alone accepts what is shown for the domain. */
const isTrusted = (port: number, ca: string): Promise<boolean> =>
  shake(port, { servername: domain, ca, rejectUnauthorized: true }).then(
    socket => {
      socket.destroy()
      return true
    },
    () => false,
  )

const portIn = (log: string, title: string): number =>
  Number(new RegExp(`${title}: serving HTTPS traffic at https://127\\.0\\.0\\.1:(\\d+)`).exec(log)?.[1])

test('a certificate is obtained, shown by API and gateway, kept, and renewed before its end', async t => {
  const directory = await temporaryDir(t)
  const pebble = await startPebble(t, directory)
  const flags = ['--enable-tls', '--tls-port', '0', '--gateway-tls-port', '0', '--lets-encrypt-domain', domain]
  const authority = ['--lets-encrypt-directory', pebble.directoryUrl, '--lets-encrypt-port', String(pebble.httpPort)]
  const env = { ...withoutDocker, NODE_EXTRA_CA_CERTS: pebble.caFile }
  const server = await startIdle(t, { args: [...flags, ...authority], env })
  const root = await pebble.readRoot()
  const [apiPort, gatewayPort] = ['Dispatch HTTP server', 'API Gateway'].map(title =>
    server.log().then(log => portIn(log, title)),
  )
  await until('the API shows it', async () => isTrusted((await apiPort) ?? 0, root))
  t.true(await isTrusted((await gatewayPort) ?? 0, root))
  await t.throwsAsync(fetch(`http://127.0.0.1:${pebble.httpPort}/`), undefined, 'nobody is asked any more')

  const file = join(server.directory, 'lets_encrypt', domain)
  const first = await readFile(file, 'utf8')
  const old = await makePair(domain, 0.1)
  await writeFile(file, `${old.key}${old.cert}`)
  process.kill(server.pid, 'SIGHUP')
  await until(
    'another one is there',
    async () => ![first, `${old.key}${old.cert}`].includes(await readFile(file, 'utf8')),
  )
  await until('the API shows that', async () => isTrusted((await apiPort) ?? 0, root))
})

test('a domain that leads elsewhere is told, and the server shows a certificate of its own meanwhile', async t => {
  const directory = await temporaryDir(t)
  const pebble = await startPebble(t, directory)
  const flags = ['--enable-tls', '--tls-port', '0', '--gateway-tls-port', '0', '--lets-encrypt-domain', domain]
  // Not where the authority asks.
  const authority = [
    '--lets-encrypt-directory',
    pebble.directoryUrl,
    '--lets-encrypt-port',
    String(pebble.httpPort + 1),
  ]
  const env = { ...withoutDocker, NODE_EXTRA_CA_CERTS: pebble.caFile }
  const server = await startIdle(t, { args: [...flags, ...authority], env })
  await until('it is told', async () => (await server.log()).includes('no certificate was obtained'))
  const own = await readFile(join(server.directory, 'dispatch_self_signed_cert.pem'), 'utf8')
  t.true(await isTrusted(portIn(await server.log(), 'Dispatch HTTP server'), own))
})
