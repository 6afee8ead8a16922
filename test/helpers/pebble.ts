/** An authority of certificates on loopback that speaks ACME: Debian's pebble. It finds every domain on this machine. */
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { Agent, request } from 'undici'
import { findFreePort } from './live-server.ts'
import { makePair } from './tls-stage.ts'
import { until } from './wait.ts'

export interface Pebble {
  directoryUrl: string
  /** A file with the certificate by which the directory is known. */
  caFile: string
  /** Where it asks whose a domain is. */
  httpPort: number
  /** PEM: who signs what it gives. */
  readRoot(): Promise<string>
}

function run(t: ExecutionContext, program: string, args: string[]): void {
  // It neither waits before it asks, nor refuses now and then to see what becomes of that.
  const env = { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0', PEBBLE_AUTHZREUSE: '0' }
  const child = spawn(program, args, { env, stdio: 'ignore' })
  const ended = new Promise((resolve, reject) => child.on('exit', resolve).on('error', reject))
  ended.catch(thrown => t.fail(`${program}: ${thrown.message}; node setup.mjs test installs it`))
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ended.catch(() => undefined)
  })
}

export async function startPebble(t: ExecutionContext, directory: string): Promise<Pebble> {
  const [port, managementPort, httpPort, tlsPort] = [
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
  ]
  const [dnsPort, dnsManagementPort] = [await findFreePort(), await findFreePort()]
  const fileOf = (name: string): string => join(directory, name)
  const { cert, key } = await makePair('localhost')
  await writeFile(fileOf('pebble.pem'), cert)
  await writeFile(fileOf('pebble-key.pem'), key)
  const files = { certificate: fileOf('pebble.pem'), privateKey: fileOf('pebble-key.pem') }
  const places = { listenAddress: `127.0.0.1:${port}`, managementListenAddress: `127.0.0.1:${managementPort}` }
  await writeFile(fileOf('pebble.json'), JSON.stringify({ pebble: { ...places, ...files, httpPort, tlsPort } }))
  const dns = ['-dns01', `127.0.0.1:${dnsPort}`, '-management', `127.0.0.1:${dnsManagementPort}`, '-defaultIPv6', '']
  run(t, 'pebble-challtestsrv', [...dns, '-http01', '', '-https01', '', '-tlsalpn01', ''])
  run(t, 'pebble', ['-config', fileOf('pebble.json'), '-dnsserver', `127.0.0.1:${dnsPort}`, '-strict'])
  const dispatcher = new Agent({ connect: { ca: cert } })
  t.teardown(() => dispatcher.close())
  const directoryUrl = `https://localhost:${port}/dir`
  const answers = () =>
    request(directoryUrl, { dispatcher }).then(
      ({ body }) => body.json(),
      () => undefined,
    )
  await until('pebble answers', answers)
  return {
    ...{ directoryUrl, caFile: files.certificate, httpPort },
    readRoot: async () => (await request(`https://localhost:${managementPort}/roots/0`, { dispatcher })).body.text(),
  }
}
