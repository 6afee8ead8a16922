/**
 * A machine to change: this one's root below an overlay, with the appliance's files on it, in namespaces of its own for mounts,
 * network and host name. Nothing of it is left when the test ends, however that ends. Needs root.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { repository } from '../../packer/source.ts'
import { type Ran, type Run, run as runHere } from '../../provisioning/run.ts'
import { end } from './network-beyond.ts'

export interface Machine {
  /** Its files, as this process sees them. */
  root: string
  /** In it. */
  run: Run
  /** Rejects with what was said where it fails. */
  must(...argv: string[]): Promise<string>
  /** Until the end of the test. */
  start(...argv: string[]): ChildProcess
}

/** Ends with its input, which ends with the test. */
const hold = `set -e
cd "$1"
mount -t tmpfs tmpfs "$1"
mkdir -p "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
cp -r "$2/." "$1/root/"
mount --rbind /dev "$1/root/dev"
mount -t proc proc "$1/root/proc"
mount -t sysfs -o ro sysfs "$1/root/sys"
ip link set lo up
echo up
exec cat >/dev/null
`

export async function createMachine(t: ExecutionContext): Promise<Machine> {
  const directory = await mkdtemp(join(tmpdir(), 'machine-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const rootfs = join(repository, 'provisioning/rootfs')
  const apart = ['--mount', '--net', '--uts', '--propagation', 'private']
  const holder = spawn('unshare', [...apart, 'sh', '-c', hold, 'sh', directory, rootfs], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.teardown(() => end(holder))
  const [said] = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')])
  if (String(said) !== 'up\n') throw new Error('no machine could be made: its namespaces and its overlay need root')
  const root = `/proc/${holder.pid}/root${directory}/root`
  const enter = [`--target=${holder.pid}`, '--mount', '--net', '--uts', 'chroot', `${directory}/root`]
  const run: Run = (argv, options) => runHere(['nsenter', ...enter, ...argv], options)
  return {
    root,
    run,
    must: async (...argv) => expectSuccess(argv, await run(argv)),
    start: (...argv) => {
      const child = spawn('nsenter', [...enter, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] })
      t.teardown(() => end(child))
      return child
    },
  }
}

function expectSuccess(argv: readonly string[], { exitCode, stdout, stderr }: Ran): string {
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} exited with ${exitCode}: ${stderr}`)
  return stdout
}
