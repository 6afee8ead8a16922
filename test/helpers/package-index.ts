/** Servers of packages for pip, npm, Maven and apt, in a network behind this machine: containers reach them as they reach public ones. Needs root. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createNamespace, end, type Teardown } from './network-beyond.ts'
import { type Packages, renderDebian, renderMaven, renderNpm, renderPip } from './package-index-files.ts'

const program = fileURLToPath(new URL('package-index-server.ts', import.meta.url))

export interface PackageIndex {
  pipIndexUrl: string
  npmRegistry: string
  mavenRepository: string
  /** Lines of apt's sources.list. */
  debianSources: string
  /** Answers what is asked of any address by plain HTTP, as a proxy does, with what it has under that path. */
  proxy: string
  /** The certificate that it is known by, in PEM; undefined without TLS. */
  ca: string | undefined
  /** In place of what it had. */
  serve(packages: Packages): Promise<void>
  /** Paths in the order in which they were asked for, such as /npm/greeting. */
  asked: string[]
}

/** Signed by itself, for a day. Rejects where there is no openssl. */
async function createIdentity(address: string): Promise<{ key: string; cert: string }> {
  // Python is strict about authorities: one has to say what its key is for.
  const usage = ['-addext', 'keyUsage=critical,digitalSignature,keyCertSign']
  const subject = ['-subj', '/CN=package index', '-addext', `subjectAltName=IP:${address}`, ...usage]
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '1']
  const { stdout } = await promisify(execFile)('openssl', ['req', '-x509', ...kind, '-keyout', '-', ...subject])
  const certificateAt = stdout.indexOf('-----BEGIN CERTIFICATE')
  return { key: stdout.slice(0, certificateAt), cert: stdout.slice(certificateAt) }
}

export interface IndexOptions {
  overTls?: boolean
}

/** Until the end of the test. Speaks plain HTTP, unless told otherwise. */
export async function startPackageIndex(
  t: Teardown,
  packages: Packages = {},
  { overTls = false }: IndexOptions = {},
): Promise<PackageIndex> {
  const { name, address } = await createNamespace(t)
  const identity = overTls ? await createIdentity(address) : undefined
  const asked: string[] = []
  const server = spawn('ip', ['netns', 'exec', name, process.execPath, program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Buffers stay buffers.
    serialization: 'advanced',
    env: { ...process.env, ...(identity && { INDEX_IDENTITY: JSON.stringify(identity) }) },
  })
  t.teardown(() => end(server))
  server.on('message', (told: { asked?: string }) => {
    if (told.asked !== undefined) asked.push(told.asked)
  })
  await once(server, 'message')
  const url = `http${overTls ? 's' : ''}://${address}:8080`
  const serve = async ({ pip = [], npm = [], maven = [], debian = [] }: Packages) => {
    const files = { ...renderPip(pip), ...(await renderNpm(npm, url)), ...renderMaven(maven) }
    const held = new Promise<void>(resolve => {
      const listener = (told: { holds?: number }) => {
        if (told.holds === undefined) return
        server.off('message', listener)
        resolve()
      }
      server.on('message', listener)
    })
    server.send({ ...files, ...(await renderDebian(debian)) })
    await held
  }
  await serve(packages)
  return {
    pipIndexUrl: `${url}/pip/simple`,
    npmRegistry: `${url}/npm/`,
    mavenRepository: `${url}/maven/`,
    debianSources: `deb [trusted=yes] ${url}/debian ./`,
    proxy: url,
    ca: identity?.cert,
    serve,
    asked,
  }
}
