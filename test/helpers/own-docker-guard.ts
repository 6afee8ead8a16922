/**
 * `node own-docker-guard.ts DIRECTORY NAME` waits for the end of its input, which comes however its parent ends, and then
 * clears away a Docker engine of a test: its processes, those of its containers, its mounts, its network namespace, its files.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const [directory, name] = process.argv.slice(2)
if (!directory?.startsWith('/tmp/') || !name) throw new Error('say the directory and the name of the engine')
const cgroupRoot = '/sys/fs/cgroup'

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The daemon, its containerd and the shims of the containers: each names the directory on its command line. */
const daemons = (): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 1 && pid !== process.pid && readIfThere(`/proc/${pid}/cmdline`).includes(`${directory}/`))

/** In each hierarchy where there are several. */
const cgroups = (): string[] =>
  [join(cgroupRoot, name), ...readdirSync(cgroupRoot).map(each => join(cgroupRoot, each, name))].filter(existsSync)

function below(cgroup: string): string[] {
  const children = readdirSync(cgroup, { withFileTypes: true }).filter(entry => entry.isDirectory())
  return [...children.flatMap(child => below(join(cgroup, child.name))), cgroup]
}

const contained = (): number[] =>
  cgroups()
    .flatMap(below)
    .flatMap(cgroup => readIfThere(join(cgroup, 'cgroup.procs')).split('\n').filter(Boolean).map(Number))

/** Those who start others first; again until nobody is left. */
async function killAll(): Promise<void> {
  for (let alive = [...daemons(), ...contained()]; alive.length > 0; alive = [...daemons(), ...contained()]) {
    for (const pid of alive) kill(pid)
    await pause(10)
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function unmount(): void {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  const points = mounts.map(line => line.split(' ')[1] ?? '').filter(point => point.startsWith(`${directory}/`))
  for (const point of points.reverse()) execFileSync('umount', ['--lazy', point])
}

async function removeCgroups(): Promise<void> {
  for (const cgroup of cgroups().flatMap(below)) {
    // The kernel needs a moment for the last process that was in it.
    for (let attempts = 0; attempts < 100 && existsSync(cgroup); attempts += 1) {
      try {
        rmdirSync(cgroup)
      } catch {
        await pause(10)
      }
    }
  }
}

for await (const _ of process.stdin);
await killAll()
unmount()
if (existsSync(`/run/netns/${name}`)) execFileSync('ip', ['netns', 'delete', name])
await removeCgroups()
rmSync(directory, { recursive: true, force: true })
