import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { isNpmCurrent, isPackerUsable, parseOffered, planSetup, renderReasons } from '../../setup.mjs'
import { groupsFor } from '../../setup-packages.mjs'

type Facts = Parameters<typeof planSetup>[0]

const debian: Facts = {
  platform: 'linux',
  arch: 'x64',
  debianLike: true,
  root: true,
  npmCurrent: true,
  missing: [],
  offered: [],
  docker: 'answers',
}
const nothing = { debian: [], npm: false, docker: false, runtimes: false }
const refusalOf = (facts: Partial<Facts>, purpose: string) => planSetup({ ...debian, ...facts }, purpose).refusal ?? ''

test('with nothing missing nothing is done, but images are looked at where functions run', t => {
  t.deepEqual(planSetup(debian, 'npm'), nothing)
  t.deepEqual(planSetup(debian, 'ova'), nothing)
  t.deepEqual(planSetup(debian, 'test'), { ...nothing, runtimes: true })
})

test('a fresh machine gets npm packages, Debian packages and an engine', t => {
  const missing = ['docker.io', 'docker-cli', 'packer']
  const fresh: Facts = { ...debian, npmCurrent: false, missing, offered: missing, docker: 'stopped' }
  t.deepEqual(planSetup(fresh, 'test'), { debian: missing, npm: true, docker: true, runtimes: true })
})

test('a package that only newer releases have apart is left out where apt has none', t => {
  const plan = planSetup({ ...debian, missing: ['docker.io', 'docker-cli'], offered: ['docker.io'] }, 'start')
  t.deepEqual(plan.debian, ['docker.io'])
  t.is(plan.refusal, undefined)
})

test('a release without packer stops before anything is installed and says how to install it', t => {
  const plan = planSetup({ ...debian, npmCurrent: false, missing: ['packer', 'gdisk'], offered: ['gdisk'] }, 'ova')
  t.regex(plan.refusal ?? '', /apt offers no packer .*Install Packer 1\.6\.6 or newer/)
  t.deepEqual({ ...plan, refusal: '' }, { ...nothing, refusal: '' })
})

test('who is not root gets one line to copy', t => {
  const words = refusalOf({ root: false, missing: ['gdisk', 'mtools'], offered: ['gdisk', 'mtools'] }, 'ova')
  t.is(words.split('\n')[1], "  sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends gdisk mtools'")
  t.is(planSetup({ ...debian, root: false }, 'test').refusal, undefined)
})

for (const facts of [{ platform: 'darwin', arch: 'arm64' }, { debianLike: false }, { arch: 'arm64' }]) {
  test(`a system that cannot be set up says what can and what it would install: ${JSON.stringify(facts)}`, t => {
    const words = refusalOf({ ...facts, npmCurrent: false }, 'boot')
    t.regex(words, /cannot be set up: it takes Debian 12/)
    t.regex(words.split('\n').at(-1) ?? '', /^ {2}apt-get update && apt-get install .*qemu-system-x86/)
  })
}

test('npm packages alone need no Debian', t => {
  t.deepEqual(planSetup({ ...debian, debianLike: false, npmCurrent: false }, 'npm'), { ...nothing, npm: true })
  t.regex(refusalOf({ platform: 'darwin' }, 'npm'), /cannot be set up/)
})

test('an engine that cannot be used is refused with the one command that helps', t => {
  t.regex(refusalOf({ docker: 'denied', root: false }, 'start'), /sudo usermod -aG docker/)
  t.regex(refusalOf({ docker: 'stopped', root: false }, 'start'), /sudo systemctl start docker/)
  t.regex(refusalOf({ docker: 'remote' }, 'start'), /unset DOCKER_HOST/)
  t.is(refusalOf({ docker: 'stopped', root: false }, 'ova'), '')
})

test('each package that will be installed is named once, with its reason', t => {
  const lines = renderReasons(['docker.io', 'qemu-utils'], 'test')
  t.is(lines.length, 2)
  t.regex(lines[0] ?? '', /^setup: will install docker\.io \(Docker, which runs the functions\)$/)
})

test('every purpose but npm has packages, and all has every one of them', t => {
  t.deepEqual(groupsFor('npm'), [])
  for (const purpose of ['runtimes', 'start', 'test', 'ova', 'boot']) {
    t.true(groupsFor(purpose).length > 0, purpose)
    for (const group of groupsFor(purpose)) t.true(groupsFor('all').includes(group))
  }
})

test('packer is usable from 1.6.6 on', t => {
  for (const version of ['1.6.6', '1.6.10', '1.11.2', '2.0.0']) t.true(isPackerUsable(`Packer v${version}\n`), version)
  for (const text of ['Packer v1.6.5', 'Packer v1.5.9', 'Packer v0.12.0', 'skipping line: 1', ''])
    t.false(isPackerUsable(text))
})

test('apt has a package when it names a candidate', t => {
  const entry = (name: string, candidate: string) =>
    `${name}:\n  Installed: (none)\n  Candidate: ${candidate}\n  Version table:\n`
  t.deepEqual(parseOffered(entry('gdisk', '1.0.9') + entry('packer', '(none)') + entry('mtools', '4.0')), [
    'gdisk',
    'mtools',
  ])
})

test('node_modules is current only when every package of the lock file is there', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'setup-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const write = (path: string, packages: object) => writeFile(join(directory, path), JSON.stringify({ packages }))
  const wanted = {
    '': {},
    'node_modules/a': { integrity: 'x' },
    'node_modules/mac': { integrity: 'y', optional: true },
  }
  await write('package-lock.json', wanted)
  t.false(isNpmCurrent(directory), 'no node_modules')
  await mkdir(join(directory, 'node_modules'))
  await write('node_modules/.package-lock.json', { 'node_modules/a': { integrity: 'x' } })
  t.false(isNpmCurrent(directory), 'listed, but its folder is gone')
  await mkdir(join(directory, 'node_modules/a'))
  t.true(isNpmCurrent(directory))
  await write('node_modules/.package-lock.json', { 'node_modules/a': { integrity: 'old' } })
  t.false(isNpmCurrent(directory), 'another version')
  await writeFile(join(directory, 'node_modules/.package-lock.json'), '{"packages":')
  t.false(isNpmCurrent(directory), 'cut short')
})

test('an unknown purpose ends with exit code 2 and the purposes there are', t => {
  const { status, stderr } = spawnSync(process.execPath, ['setup.mjs', 'everything'], { encoding: 'utf8' })
  t.is(status, 2)
  t.regex(stderr, /unknown purpose "everything"\. Use one of: npm /)
})
