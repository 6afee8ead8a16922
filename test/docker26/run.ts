/**
 * Runs the contract of the Docker port on the Docker of Debian 13, as the appliance has it, with each of its stores of images. It
 * lies in a tree of its own, and runs in namespaces of its own. Needs root. Arguments are test files; without any, all of them.
 */
import { type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '../helpers/wait.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const tree = join(root, 'build/docker26/tree')
/** Without one mmdebstrap knows where Debian's packages are. */
const mirrors = [process.env.DISPATCH_DEBIAN_MIRROR ?? []].flat()
const allFiles = ['test/contract/docker/*.test.ts', '!test/contract/docker/fake.test.ts']

function run(command: string, args: string[], options: SpawnOptions = {}): void {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`, { cause: error })
}

function prepareTree(): void {
  if (existsSync(join(tree, 'usr/sbin/dockerd'))) return
  mkdirSync(join(root, 'build/docker26'), { recursive: true })
  const packages = '--include=docker.io,iptables,ca-certificates'
  run('mmdebstrap', ['--quiet', '--variant=essential', packages, 'trixie', tree, ...mirrors])
}

/** The root of the daemon has to be a mount; what tests mount into containers it sees where they do. */
const startScript = `set -e
mount --bind "$TREE" "$TREE"
for place in proc sys dev tmp; do mount --rbind /$place "$TREE/$place"; done
mount -t tmpfs tmpfs "$TREE/run"
exec nsenter --net=/run/netns/"$NAME" chroot "$TREE" dockerd "$@"`

const planArguments = (directory: string): string[] => [
  `--config-file=${directory}/daemon.json`,
  `--data-root=${directory}/data`,
  `--exec-root=${directory}/exec`,
  `--host=unix://${directory}/docker.sock`,
  `--pidfile=${directory}/dockerd.pid`,
  `--cgroup-parent=/${basename(directory)}`,
  '--exec-opt=native.cgroupdriver=cgroupfs',
]

/** With a lasting address, as a machine has one. */
function prepareNetwork(name: string): void {
  run('ip', ['netns', 'add', name])
  const inside = (...args: string[]) => run('ip', ['-n', name, ...args])
  inside('link', 'set', 'lo', 'up')
  inside('link', 'add', 'd0', 'type', 'veth', 'peer', 'name', 'd1')
  inside('addr', 'add', '10.99.7.1/24', 'dev', 'd0')
  for (const device of ['d0', 'd1']) inside('link', 'set', device, 'up')
}

async function testStore(store: string, files: string[]): Promise<boolean> {
  const directory = mkdtempSync('/tmp/dispatch-docker26-')
  const name = basename(directory)
  const features = { 'containerd-snapshotter': store === 'containerd' }
  writeFileSync(join(directory, 'daemon.json'), JSON.stringify({ features }))
  prepareNetwork(name)
  const output = openSync(join(directory, 'log'), 'a')
  const args = ['--mount', '--propagation', 'private', 'sh', '-c', startScript, 'sh', ...planArguments(directory)]
  const env = { ...process.env, TREE: tree, NAME: name }
  const daemon = spawn('unshare', args, { stdio: ['ignore', output, output], env })
  const ended = once(daemon, 'exit')
  const host = { ...process.env, DOCKER_HOST: `unix://${directory}/docker.sock` }
  try {
    await until('Docker answers', async () => {
      if (daemon.exitCode !== null) throw new Error(readFileSync(join(directory, 'log'), 'utf8').slice(-2000))
      return spawnSync('docker', ['version'], { env: host }).status === 0
    })
    for (const language of ['python3', 'nodejs'])
      run('docker', ['load', '--quiet', '--input', `build/runtimes/${language}.tar`], { env: host })
    const command = [`--net=/run/netns/${name}`, join(root, 'node_modules/.bin/ava'), ...files]
    return spawnSync('nsenter', command, { cwd: root, stdio: 'inherit', env: host }).status === 0
  } finally {
    daemon.kill('SIGTERM')
    await ended
    run('ip', ['netns', 'delete', name])
    rmSync(directory, { recursive: true, force: true })
  }
}

prepareTree()
const files = process.argv.length > 2 ? process.argv.slice(2) : allFiles
const passed = await testStore('overlay2', files)
// The second store is an experiment of this Docker: what it does is told, not judged.
const passedOnContainerd = await testStore('containerd', files)
console.log(
  `Docker of Debian 13: overlay2 ${passed ? 'passed' : 'failed'}, containerd ${passedOnContainerd ? 'passed' : 'failed'}`,
)
process.exitCode = passed ? 0 : 1
