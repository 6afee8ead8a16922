/** A registry of Docker images on loopback that asks for a password: Debian's docker-registry. Docker needs no TLS there. */
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ExecutionContext } from 'ava'
import { until } from './wait.ts'

const run = promisify(execFile)

export const registryCredentials = { username: 'jon', password: 'canary-pull-5d0c27a91b4e' }
/** Of the password, as htpasswd writes it. */
const hash = '$2b$05$abcdefghijklmnopqrstuuJGNg8SZM/3LGFEG4yWnBPiGxo6qXHb2'

export interface Registry {
  /** HOST:PORT, with which names of its images begin. */
  address: string
  /** Gives an image of this machine's Docker to it, under a name there, which then is only there. */
  push(dockerImage: string, name: string): Promise<string>
}

export async function startRegistry(t: ExecutionContext): Promise<Registry> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-registry-'))
  const address = `127.0.0.1:${await freePort()}`
  const { username, password } = registryCredentials
  await writeFile(join(directory, 'htpasswd'), `${username}:${hash}\n`)
  await writeFile(join(directory, 'config.yml'), renderConfig(directory, address))
  const auth = Buffer.from(`${username}:${password}`).toString('base64')
  await writeFile(join(directory, 'config.json'), JSON.stringify({ auths: { [address]: { auth } } }))
  const server = spawn('docker-registry', ['serve', join(directory, 'config.yml')], { stdio: 'ignore' })
  const ended = new Promise((resolve, reject) => server.on('exit', resolve).on('error', reject))
  t.teardown(async () => {
    server.kill('SIGKILL')
    await ended.catch(() => undefined)
    await rm(directory, { recursive: true })
  })
  const answers = () =>
    fetch(`http://${address}/v2/`).then(
      ({ status }) => status === 401,
      () => false,
    )
  await until('the registry answers', answers)
  return {
    address,
    push: async (dockerImage, name) => {
      const reference = `${address}/${name}`
      await run('docker', ['tag', dockerImage, reference])
      await run('docker', ['--config', directory, 'push', '--quiet', reference])
      await run('docker', ['rmi', reference])
      return reference
    },
  }
}

const renderConfig = (directory: string, address: string): string => `version: 0.1
log: { level: error }
storage: { filesystem: { rootdirectory: ${directory}/data } }
http: { addr: '${address}', secret: test }
auth: { htpasswd: { realm: test, path: ${directory}/htpasswd } }
`

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
