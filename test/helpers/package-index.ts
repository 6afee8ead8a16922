/** Servers of packages for pip, npm, Maven and apt, in a network behind this machine: containers reach them as they reach public ones. Needs root. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createNamespace, end, type Teardown } from './network-beyond.ts'
import { type Packages, renderDebian, renderMaven, renderNpm, renderPip } from './package-index-files.ts'

const program = fileURLToPath(new URL('package-index-server.ts', import.meta.url))

export interface PackageIndex {
  pipIndexUrl: string
  npmRegistry: string
  mavenRepository: string
  /** Lines of apt's sources.list. */
  debianSources: string
  /** In place of what it had. */
  serve(packages: Packages): Promise<void>
  /** Paths in the order in which they were asked for, such as /npm/greeting. */
  asked: string[]
}

/** Until the end of the test. Speaks plain HTTP. */
export async function startPackageIndex(t: Teardown, packages: Packages = {}): Promise<PackageIndex> {
  const { name, address } = await createNamespace(t)
  const asked: string[] = []
  const server = spawn('ip', ['netns', 'exec', name, process.execPath, program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Buffers stay buffers.
    serialization: 'advanced',
  })
  t.teardown(() => end(server))
  server.on('message', (told: { asked?: string }) => {
    if (told.asked !== undefined) asked.push(told.asked)
  })
  await once(server, 'message')
  const url = `http://${address}:8080`
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
    serve,
    asked,
  }
}
