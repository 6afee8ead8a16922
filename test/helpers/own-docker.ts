/** A Docker engine of a test's own, in a network namespace of its own: what is done to it touches nobody else's. Needs root. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { until } from './wait.ts'

const run = promisify(execFile)
const guardFile = fileURLToPath(new URL('own-docker-guard.ts', import.meta.url))
const runtimesDir = fileURLToPath(new URL('../../build/runtimes', import.meta.url))

export interface OwnDocker {
  /** For whoever is to use this engine. */
  env: { DOCKER_HOST: string }
  /** For files that go with it. */
  directory: string
  /** The network namespace. */
  namespace: string
  /** Runs the docker command on this engine; resolves with what it printed. */
  docker(...args: string[]): Promise<string>
  /** Resolves when the daemon has ended; what it ran may live on. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** After a `kill`; resolves when it answers. */
  start(): Promise<void>
  log(): Promise<string>
  /** Nothing is left of it. The same happens when the test's process ends in any other way. */
  close(): Promise<void>
}

interface OwnDockerOptions {
  /** Languages whose runtime images it has. */
  languages?: readonly string[]
  /** The text of its daemon.json. */
  settings?: string
}

/** With the runtime images, and nothing else. */
export async function startOwnDocker(options: OwnDockerOptions = {}): Promise<OwnDocker> {
  const { languages = ['python3', 'nodejs'], settings = '{}' } = options
  const directory = await mkdtemp('/tmp/dispatch-docker-')
  const name = basename(directory)
  const close = guard(directory, name)
  try {
    await writeFile(join(directory, 'daemon.json'), settings)
    const own = await create(directory, name, close)
    for (const language of languages) await own.docker('load', '-i', join(runtimesDir, `${language}.tar`))
    return own
  } catch (thrown) {
    await close()
    throw thrown
  }
}

/** Apart from the test's own process group: what interrupts the test does not interrupt the clearing away. */
function guard(directory: string, name: string): () => Promise<void> {
  const child = spawn(process.execPath, [guardFile, directory, name], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const said = text(child.stderr)
  const ended = once(child, 'exit')
  return async () => {
    child.stdin.end()
    const [code] = await ended
    if (code !== 0) throw new Error(`something of the test's Docker may be left in ${directory}: ${await said}`)
  }
}

async function create(directory: string, name: string, close: () => Promise<void>): Promise<OwnDocker> {
  await run('ip', ['netns', 'add', name])
  await run('ip', ['-n', name, 'link', 'set', 'lo', 'up'])
  await mkdir(join(directory, 'exec'))
  const url = `unix://${directory}/docker.sock`
  const logFile = join(directory, 'dockerd.log')
  const log = () => readFile(logFile, 'utf8')
  const docker = async (...args: string[]) =>
    (await run('docker', ['--host', url, ...args], { maxBuffer: 64 * 1024 * 1024 })).stdout
  let daemon: ChildProcess | undefined

  const start = async () => {
    const output = openSync(logFile, 'a')
    const options = { detached: true, stdio: ['ignore' as const, output, output] }
    // `ip netns exec` would hide the cgroups.
    const begun = spawn('nsenter', [`--net=/run/netns/${name}`, 'dockerd', ...planArguments(directory, name)], options)
    daemon = begun
    await until('the test’s Docker answers', async () => {
      if (begun.exitCode !== null)
        throw new Error(`dockerd ended with ${begun.exitCode}:\n${(await log()).slice(-2000)}`)
      return existsSync(join(directory, 'docker.sock')) && (await docker('version').catch(() => false))
    })
  }

  const kill = async (signal: NodeJS.Signals) => {
    if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return
    const ended = once(daemon, 'exit')
    daemon.kill(signal)
    await ended
    await endOfContainerd(join(directory, 'exec/containerd/containerd.pid'))
  }

  await start()
  return { env: { DOCKER_HOST: url }, directory, namespace: name, docker, kill, start, log, close }
}

/**
 * It dies with its daemon, a moment later. Where process 1 collects no orphans it stays as a zombie, which the next daemon would
 * take for one that runs.
 */
async function endOfContainerd(pidFile: string): Promise<void> {
  const pid = await readFile(pidFile, 'utf8').catch(() => '')
  await until('containerd has ended', async () => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')
    return pid === '' || stat.includes(') Z')
  })
  await rm(pidFile, { force: true })
}

/** A containerd of its own comes with it, since none is named. */
const planArguments = (directory: string, name: string): string[] => [
  `--config-file=${directory}/daemon.json`,
  `--data-root=${directory}/data`,
  `--exec-root=${directory}/exec`,
  `--host=unix://${directory}/docker.sock`,
  `--pidfile=${directory}/dockerd.pid`,
  `--cgroup-parent=/${name}`,
  '--exec-opt=native.cgroupdriver=cgroupfs',
]
